with answers as (
    select
        issues.id as issue_id,
        min(comments.created_at) as answered_at
    from {{ source('raw', 'issues') }} as issues
    join {{ source('raw', 'issue_comments') }} as comments
        on comments.repo_id = issues.repo_id
        and comments.issue_number = issues.number
    where (comments."user" ->> '$.login') != (issues."user" ->> '$.login')
    group by issues.id
)

select
    issues.id as issue_id,
    issues.org,
    issues.repo,
    issues.number,
    issues.title,
    issues.created_at,
    answers.answered_at,
    date_diff('hour', issues.created_at, answers.answered_at) as hours
from {{ source('raw', 'issues') }} as issues
left join answers on answers.issue_id = issues.id
-- To GitHub a pull request is an issue, too.
where issues.type = 'issue'
