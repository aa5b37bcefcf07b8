//! <https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/orgs#get-the-audit-log-for-an-organization>

use std::time::Duration;

use singer_tap::{Since, Stream, epoch_millis, rename, schema};

pub(super) fn stream() -> Stream {
    super::of_organization("audit_log", "/orgs/{org}/audit-log")
        .about("What was done in an organisation, without Git events. Takes Enterprise Cloud and an owner's `read:audit_log`.")
        .schema(schema!("audit_log"))
        .key(["_document_id"])
        .selected_by_default(false)
        // Without a phrase, only the last three months are listed.
        .param("phrase", "created:>=2008-01-01")
        .param("order", "desc")
        .incremental("created_at", Since::StopAt)
        // Events of many services come together here, some later than others.
        .lookback(Duration::from_secs(60 * 60))
        .transform([rename("@timestamp", "timestamp"), epoch_millis("timestamp"), epoch_millis("created_at")])
}
