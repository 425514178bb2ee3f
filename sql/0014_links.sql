-- Spellings of one page by escapes (%7E or ~, %c3 or %C3) are one content, and so are those that differ in four more
-- tracking parameters. Pages that were saved before are found by their new keys; of two that have become one the
-- earlier takes the key, and the other stays whose it is. Other keys, and all addresses, stay as they are.
with unlike as (
  select id, created_at, regexp_replace(url, '^https?', 'https') as address
  from shared_contents
  where source_platform = 'web' and url ~* '%[0-9a-f]{2}|[?&](gad_source|gad_campaignid|mibextid|_branch_match_id)(=|&|$)'
),
untracked as (
  select id, created_at, split_part(address, '?', 1) as path, (
    select string_agg(part, '&' order by place)
    from string_to_table(substr(address, strpos(address || '?', '?') + 1), '&') with ordinality as parts (part, place)
    where part !~* '^(gad_source|gad_campaignid|mibextid|_branch_match_id)(=|$)'
  ) as query
  from unlike
),
plain as (
  select id, created_at, (
    select string_agg(
      case
        when piece !~* '^%[0-9a-f]{2}$' then piece
        -- Letters, digits and -._~ need no escape.
        when piece ~* '^%(2d|2e|3[0-9]|4[1-9a-f]|5[0-9a]|5f|6[1-9a-f]|7[0-9a]|7e)$'
          then chr(get_byte(decode(substr(piece, 2), 'hex'), 0))
        else upper(piece)
      end, '' order by place)
    from regexp_matches(path || coalesce('?' || query, ''), '%[0-9a-f]{2}|[^%]+|%', 'gi')
      with ordinality as pieces (found, place), unnest(found) as piece
  ) as key
  from untracked
),
hashed as (
  select distinct on (key) id, encode(sha256(convert_to(key, 'UTF8')), 'hex') as url_hash
  from plain
  order by key, created_at, id
)
update shared_contents as c
set url_hash = h.url_hash, external_id = left(h.url_hash, 32)
from hashed h
where c.id = h.id and c.url_hash <> h.url_hash
  and not exists (select from shared_contents o where o.url_hash = h.url_hash);
