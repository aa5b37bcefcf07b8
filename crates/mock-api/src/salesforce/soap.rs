//! The log-in of the SOAP API: a user's name and password in XML.

use super::login::Credentials;
use super::session::{ORGANIZATION, Sessions, USER};
use crate::server::{Answer, Request};

const ENVELOPE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope \
    xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"";

/// The answer to a log-in.
pub(super) fn answer(
    credentials: &Credentials,
    sessions: &mut Sessions,
    request: &Request,
    now: u64,
) -> Answer {
    let body = String::from_utf8_lossy(&request.body);
    let (username, password) = (element(&body, "username"), element(&body, "password"));
    let is_user = match (username, password) {
        (Some(username), Some(password)) => credentials.is_user(&username, &password),
        _ => false,
    };
    if !is_user {
        return xml(500, fault());
    }
    let server = format!("{}{}/{ORGANIZATION}", request.origin(), request.path);
    let session = sessions.begin(now);
    xml(
        200,
        format!(
            "{ENVELOPE} xmlns=\"urn:partner.soap.sforce.com\"><soapenv:Body><loginResponse><result>\
             <metadataServerUrl>{server}</metadataServerUrl><passwordExpired>false</passwordExpired>\
             <sandbox>false</sandbox><serverUrl>{server}</serverUrl><sessionId>{session}</sessionId>\
             <userId>{USER}</userId></result></loginResponse></soapenv:Body></soapenv:Envelope>"
        ),
    )
}

fn fault() -> String {
    format!(
        "{ENVELOPE} xmlns:sf=\"urn:fault.partner.soap.sforce.com\"><soapenv:Body><soapenv:Fault>\
         <faultcode>sf:INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username, \
         password, security token; or user locked out.</faultstring><detail><sf:LoginFault>\
         <sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode></sf:LoginFault></detail>\
         </soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
}

fn xml(status: u16, body: String) -> Answer {
    let mut answer = Answer { status, body: body.into_bytes(), ..Answer::default() };
    answer.set("content-type", "text/xml; charset=utf-8");
    answer
}

/// The text of the first element of a name, whatever its namespace.
fn element(xml: &str, name: &str) -> Option<String> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (tag, content) = after.split_once('>')?;
        let local = tag.rsplit(':').next().unwrap_or(tag);
        if local == name && !tag.starts_with('/') {
            let text = match content.strip_prefix("<![CDATA[") {
                Some(data) => return data.split_once("]]>").map(|(data, _)| data.to_owned()),
                None => content.split('<').next()?,
            };
            return Some(unescaped(text));
        }
        rest = content;
    }
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_in_any_namespace() {
        let xml = "<?xml version=\"1.0\"?><a:b><n1:username>x&amp;y</n1:username>\
                   <password><![CDATA[<p>]]></password></a:b>";
        assert_eq!(element(xml, "username").as_deref(), Some("x&y"));
        assert_eq!(element(xml, "password").as_deref(), Some("<p>"));
        assert_eq!(element(xml, "token"), None);
    }
}
