-- The schema as the migrations leave it, written by: bun scripts/schema.ts
-- Read it; change it by a new migration.
CREATE FUNCTION public.act_as(of_user uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  if (
    select may_act(oid) and has_table_privilege(oid, 'two_phase', 'select')
    from pg_roles
    where rolname = 'trove_rows'
  ) then
    -- Not by set_config, which machines of a cluster do not pass on.
    execute format('set local app.user_id = %L', of_user);
    set local role trove_rows;
  end if;
end $$;

COMMENT ON FUNCTION public.act_as(of_user uuid) IS 'Acts as a user until the transaction ends or resets its role.';

CREATE FUNCTION public.add_save(of_user uuid, new_id uuid, of_content uuid, note text, new_status text, new_category text, new_title text, new_topic text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
  -- Asked here, so that it costs a save no round trip; locked, so that it lies there still when it is put back.
  perform from trash where user_id = of_user and content_id = of_content for update;
  if found and not exists (
    select from user_content_saves where user_id = of_user and shared_content_id = of_content
  ) then
    return null;
  end if;
  insert into user_content_saves (user_id, id, shared_content_id, raw_share_text, status, category, title, topic)
  values (of_user, new_id, of_content, note, new_status, new_category, new_title, new_topic)
  on conflict (user_id, shared_content_id) do nothing;
  if not found then
    return false;
  end if;
  perform count_saves(of_user, new_status, new_category, false, false, 1);
  return true;
end $$;

COMMENT ON FUNCTION public.add_save(of_user uuid, new_id uuid, of_content uuid, note text, new_status text, new_category text, new_title text, new_topic text) IS 'Adds a save to a user''s library, and counts it; false when they have its content already, null when it lies in their trash.';

CREATE FUNCTION public.compound_parts(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
begin
  if written !~ '[a-z][A-Z]|[A-Z][A-Z][a-z]|[0-9][A-Za-z]|[A-Za-z][0-9]' then
    return null;
  end if;
  return (
    select string_agg(
      regexp_replace(regexp_replace(regexp_replace(regexp_replace(word,
        '([a-z])([A-Z])', '\1 \2', 'g'),
        '([A-Z])([A-Z][a-z])', '\1 \2', 'g'),
        '([0-9])([A-Za-z])', '\1 \2', 'g'),
        '([A-Za-z])([0-9])', '\1 \2', 'g'), ' ')
    from regexp_split_to_table(written, '[^A-Za-z0-9]+') word
    where word ~ '[a-z][A-Z]|[A-Z][A-Z][a-z]|[0-9][A-Za-z]|[A-Za-z][0-9]');
end $$;

COMMENT ON FUNCTION public.compound_parts(written text) IS 'The parts of camelCase, and of numbers with their units; null where there are none.';

CREATE FUNCTION public.count_saves(of_user uuid, of_status text, of_category text, of_archived boolean, of_favorited boolean, change integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  if change > 0 then
    insert into library_counts as k (user_id, status, category, is_archived, is_favorited, items)
    values (of_user, of_status, of_category, of_archived, of_favorited, change)
    on conflict (user_id, status, category, is_archived, is_favorited) do update set items = k.items + excluded.items;
  else
    -- Never an insert: a user may be on the way out, together with their saves.
    update library_counts
    set items = items + change
    where user_id = of_user and status = of_status and category = of_category and is_archived = of_archived
      and is_favorited = of_favorited;
  end if;
end $$;

COMMENT ON FUNCTION public.count_saves(of_user uuid, of_status text, of_category text, of_archived boolean, of_favorited boolean, change integer) IS 'Counts `change` more saves of a kind in a user''s library; less than none are fewer.';

CREATE FUNCTION public.folded(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
begin
  if octet_length(written) = length(written) then
    -- ASCII, nearly always.
    return lower(written);
  end if;
  return normalize(
    replace(replace(replace(replace(
      translate(
        lower(regexp_replace(
          -- Compatible forms are one (ﬁ, Ａ, ²), and marks stand by themselves. Not so the mark of й, a letter of its own.
          replace(replace(normalize(regexp_replace(written, '[™®©]', ' ', 'g'), nfkd), U&'\0438\0306', 'й'), U&'\0418\0306', 'Й'),
          -- Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what is not to be seen.
          '[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]',
          '', 'g')),
        'øłđðıħŧςةى', 'olddihtσهي'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    nfc);
end $$;

COMMENT ON FUNCTION public.folded(written text) IS 'A text without case, accents and compatible forms: what looks like the same word is the same.';

CREATE FUNCTION public.grant_rows() RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
  rows_role oid := (select oid from pg_roles where rolname = 'trove_rows' and not rolsuper and not rolbypassrls);
begin
  if rows_role is null then
    return false;
  end if;
  -- Processes that start together would change the same rows of the catalogue.
  perform pg_advisory_xact_lock(hashtextextended('grant_rows', 0));
  if not may_act(rows_role) then
    begin
      execute format('grant trove_rows to %I', session_user);
    exception
      -- One that starts on another database of this server gave it.
      when unique_violation then null;
      when insufficient_privilege then return false;
    end;
  end if;
  if not has_table_privilege(rows_role, 'two_phase', 'select') then
    alter default privileges grant select, insert, update, delete on tables to trove_rows;
    alter default privileges grant usage on schemas to trove_rows;
    grant usage on schema public to trove_rows;
    grant select, insert, update, delete on all tables in schema public to trove_rows;
  end if;
  if to_regnamespace('pgboss') is not null and not has_schema_privilege(rows_role, 'pgboss', 'usage') then
    grant usage on schema pgboss to trove_rows;
    grant select, insert, update, delete on all tables in schema pgboss to trove_rows;
  end if;
  return true;
end $$;

COMMENT ON FUNCTION public.grant_rows() IS 'Gives the role of requests what it needs; false where this database''s user may not use it.';

CREATE FUNCTION public.is_unspaced(written text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (written ~ '[\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]'::text);

COMMENT ON FUNCTION public.is_unspaced(written text) IS 'Whether a text holds letters of scripts whose words no space tells apart, or whose words take endings without one (Hangul).';

CREATE FUNCTION public.keep_saved_content(of_user uuid, content jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  insert into saved_contents as k (
    user_id, id, url, source_platform, status, title, caption, author, thumbnail_url, duration_seconds, category_high,
    topic_main, subcategories, locations, intent, language, text_language, save_count, created_at, words)
  select of_user, c.id, c.url, c.source_platform, c.status, c.title, c.caption, c.author, c.thumbnail_url,
    c.duration_seconds, c.category_high, c.topic_main, c.subcategories, c.locations, c.intent, c.language,
    c.text_language, c.save_count, c.created_at, c.words
  from jsonb_populate_record(null::saved_contents, content) c
  -- Who has removed it meanwhile has no copy.
  join user_content_saves s on s.user_id = of_user and s.shared_content_id = c.id
  for key share of s
  on conflict (user_id, id) do update set
    url = excluded.url, source_platform = excluded.source_platform, status = excluded.status, title = excluded.title,
    caption = excluded.caption, author = excluded.author, thumbnail_url = excluded.thumbnail_url,
    duration_seconds = excluded.duration_seconds, category_high = excluded.category_high,
    topic_main = excluded.topic_main, subcategories = excluded.subcategories, locations = excluded.locations,
    intent = excluded.intent, language = excluded.language, text_language = excluded.text_language,
    save_count = excluded.save_count, created_at = excluded.created_at, words = excluded.words;
end $$;

COMMENT ON FUNCTION public.keep_saved_content(of_user uuid, content jsonb) IS 'Copies a content, as to_jsonb gives its row, beside a user''s save of it. To be asked with the content''s lock.';

CREATE FUNCTION public.keep_saved_embeddings(of_user uuid, of_content uuid, vectors jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  delete from saved_embeddings
  where user_id = of_user and content_id = of_content and not vectors ? model;
  insert into saved_embeddings as k (user_id, content_id, model, embedding)
  select of_user, of_content, v.key, v.value::vector
  from jsonb_each_text(vectors) v
  join saved_contents c on c.user_id = of_user and c.id = of_content
  for key share of c
  on conflict (user_id, content_id, model) do update set embedding = excluded.embedding
  where k.embedding <> excluded.embedding;
end $$;

COMMENT ON FUNCTION public.keep_saved_embeddings(of_user uuid, of_content uuid, vectors jsonb) IS 'Makes a user''s vectors of a content what `vectors` holds, by their models and in pgvector''s text form.';

CREATE FUNCTION public.may_act(of_role oid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
  -- From PostgreSQL 16 on, who made a role is its member and may still not take it.
  return pg_has_role(session_user, of_role, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end);
end $$;

COMMENT ON FUNCTION public.may_act(of_role oid) IS 'Whether who is connected may take a role.';

CREATE FUNCTION public.nearest_for_user(asked public.vector, of_model text, of_user uuid, most integer, least_savers integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE sql STABLE
    AS $$
  select near.content_id, max(near.similarity)
  from (
    select n.content_id, n.similarity from nearest_of_all(asked, of_model, most, least_savers) n
    union all
    select n.content_id, n.similarity from nearest_of_user(asked, of_model, of_user, most) n
  ) near
  group by near.content_id
  order by max(near.similarity) desc, near.content_id
  limit most
$$;

COMMENT ON FUNCTION public.nearest_for_user(asked public.vector, of_model text, of_user uuid, most integer, least_savers integer) IS 'The nearest of what a user may find: what everybody may, and their own saves.';

CREATE FUNCTION public.nearest_of_all(asked public.vector, of_model text, most integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE sql STABLE
    AS $$
  select n.content_id, n.similarity from nearest_of_all(asked, of_model, most, 2) n
$$;

CREATE FUNCTION public.nearest_of_all(asked public.vector, of_model text, most integer, least_savers integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE plpgsql STABLE
    AS $$
declare
  everything bigint := (select reltuples from pg_class where oid = 'content_embeddings'::regclass);
  -- So many are read whole, because that is quick or because the index would pass them by (0008); more than the last
  -- number are not even counted, and are enough for the index at any size.
  few bigint := greatest(2000, least(everything / 20, 20000));
  findable bigint := (
    select count(*)
    from (
      select from shared_contents c
      where c.is_shareable and c.status = 'READY' and publicity(c.source_platform, c.save_count) >= least_savers
      limit few + 1
    ) counted);
begin
  if findable <= few then
    return query select n.content_id, n.similarity from nearest_of_all_exactly(asked, of_model, most, least_savers) n;
  else
    return query select n.content_id, n.similarity from nearest_of_all_by_index(asked, of_model, most, least_savers) n;
  end if;
end $$;

COMMENT ON FUNCTION public.nearest_of_all(asked public.vector, of_model text, most integer, least_savers integer) IS 'READY contents that everybody may find whose vectors are nearest to `asked`, best first, with the cosine.';

CREATE FUNCTION public.nearest_of_all_by_index(asked public.vector, of_model text, most integer, least_savers integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE sql STABLE
    SET "hnsw.ef_search" TO '400'
    SET "hnsw.iterative_scan" TO 'strict_order'
    SET enable_sort TO 'off'
    SET "hnsw.max_scan_tuples" TO '100000'
    AS $$
  select e.content_id, 1 - (e.embedding <=> asked)
  from content_embeddings e
  join shared_contents c on c.id = e.content_id
  where e.model = of_model and c.is_shareable and c.status = 'READY'
    and publicity(c.source_platform, c.save_count) >= least_savers
  order by e.embedding <=> asked
  limit most
$$;

CREATE FUNCTION public.nearest_of_all_exactly(asked public.vector, of_model text, most integer, least_savers integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
begin
  return query
  select c.id, 1 - e.distance
  from shared_contents c
  cross join lateral (
    select (v.embedding <=> asked) + 0 as distance
    from content_embeddings v
    where v.content_id = c.id and v.model = of_model
    offset 0
  ) e
  where c.is_shareable and c.status = 'READY' and publicity(c.source_platform, c.save_count) >= least_savers
  order by e.distance, c.id
  limit most;
end $$;

CREATE FUNCTION public.nearest_of_user(asked public.vector, of_model text, of_user uuid, most integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE plpgsql STABLE
    AS $$
declare
  -- Up to so many saves reading all of them is quick.
  few constant bigint := 2000;
  -- A smaller part of everything than one in so many is read whole, too: the index would pass it by.
  rare constant bigint := 20;
  mine bigint := (
    select coalesce(sum(items), 0)
    from library_counts
    where user_id = of_user and status = 'READY');
  everything bigint := (select reltuples from pg_class where oid = 'content_embeddings'::regclass);
begin
  if mine <= few or mine < everything / rare then
    return query select n.content_id, n.similarity from nearest_of_user_exactly(asked, of_model, of_user, most) n;
  else
    return query select n.content_id, n.similarity from nearest_of_user_by_index(asked, of_model, of_user, most) n;
  end if;
end $$;

COMMENT ON FUNCTION public.nearest_of_user(asked public.vector, of_model text, of_user uuid, most integer) IS 'READY contents that a user saved whose vectors are nearest to `asked`, best first, with the cosine.';

CREATE FUNCTION public.nearest_of_user_by_index(asked public.vector, of_model text, of_user uuid, most integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE sql STABLE
    SET "hnsw.ef_search" TO '400'
    SET "hnsw.iterative_scan" TO 'strict_order'
    SET enable_sort TO 'off'
    SET "hnsw.max_scan_tuples" TO '100000'
    AS $$
  select e.content_id, 1 - (e.embedding <=> asked)
  from content_embeddings e
  join user_content_saves s on s.user_id = of_user and s.shared_content_id = e.content_id
  where e.model = of_model and s.status = 'READY'
  order by e.embedding <=> asked
  limit most
$$;

CREATE FUNCTION public.nearest_of_user_exactly(asked public.vector, of_model text, of_user uuid, most integer) RETURNS TABLE(content_id uuid, similarity double precision)
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
begin
  return query
  select s.shared_content_id, 1 - e.distance
  from user_content_saves s
  cross join lateral (
    select (v.embedding <=> asked) + 0 as distance
    from content_embeddings v
    where v.content_id = s.shared_content_id and v.model = of_model
    offset 0
  ) e
  where s.user_id = of_user and s.status = 'READY'
  order by e.distance, s.shared_content_id
  limit most;
end $$;

CREATE FUNCTION public.publicity(platform text, savers integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select case when platform = 'web' or savers = 0 then savers else 1000 end $$;

COMMENT ON FUNCTION public.publicity(platform text, savers integer) IS 'How many people are as good as knowing a content: who saved it, or all where a platform shows it to anybody.';

CREATE FUNCTION public.recount_save(of_user uuid, old_status text, old_category text, old_archived boolean, old_favorited boolean, new_status text, new_category text, new_archived boolean, new_favorited boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  -- In the order of kinds, so that no two changes of one library wait for each other.
  if (old_status, old_category, old_archived, old_favorited) < (new_status, new_category, new_archived, new_favorited) then
    perform count_saves(of_user, old_status, old_category, old_archived, old_favorited, -1);
    perform count_saves(of_user, new_status, new_category, new_archived, new_favorited, 1);
  elsif (old_status, old_category, old_archived, old_favorited) > (new_status, new_category, new_archived, new_favorited) then
    perform count_saves(of_user, new_status, new_category, new_archived, new_favorited, 1);
    perform count_saves(of_user, old_status, old_category, old_archived, old_favorited, -1);
  end if;
end $$;

COMMENT ON FUNCTION public.recount_save(of_user uuid, old_status text, old_category text, old_archived boolean, old_favorited boolean, new_status text, new_category text, new_archived boolean, new_favorited boolean) IS 'Counts a save of a user''s library as of another kind than it was.';

CREATE FUNCTION public.search_config(language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE "left"(lower(language), 2) WHEN 'ar'::text THEN 'arabic'::regconfig WHEN 'ca'::text THEN 'catalan'::regconfig WHEN 'da'::text THEN 'danish'::regconfig WHEN 'de'::text THEN 'german'::regconfig WHEN 'el'::text THEN 'greek'::regconfig WHEN 'es'::text THEN 'spanish'::regconfig WHEN 'eu'::text THEN 'basque'::regconfig WHEN 'fi'::text THEN 'finnish'::regconfig WHEN 'fr'::text THEN 'french'::regconfig WHEN 'ga'::text THEN 'irish'::regconfig WHEN 'hi'::text THEN 'hindi'::regconfig WHEN 'hu'::text THEN 'hungarian'::regconfig WHEN 'hy'::text THEN 'armenian'::regconfig WHEN 'id'::text THEN 'indonesian'::regconfig WHEN 'it'::text THEN 'italian'::regconfig WHEN 'lt'::text THEN 'lithuanian'::regconfig WHEN 'nb'::text THEN 'norwegian'::regconfig WHEN 'ne'::text THEN 'nepali'::regconfig WHEN 'nl'::text THEN 'dutch'::regconfig WHEN 'nn'::text THEN 'norwegian'::regconfig WHEN 'no'::text THEN 'norwegian'::regconfig WHEN 'pt'::text THEN 'portuguese'::regconfig WHEN 'ro'::text THEN 'romanian'::regconfig WHEN 'ru'::text THEN 'russian'::regconfig WHEN 'sr'::text THEN 'serbian'::regconfig WHEN 'sv'::text THEN 'swedish'::regconfig WHEN 'ta'::text THEN 'tamil'::regconfig WHEN 'tr'::text THEN 'turkish'::regconfig WHEN 'yi'::text THEN 'yiddish'::regconfig ELSE 'english'::regconfig END;

COMMENT ON FUNCTION public.search_config(language text) IS 'Whose stems a text of this language (ISO 639-1) has; English ones where Postgres has no others.';

CREATE FUNCTION public.secure_rows(of_table regclass, key name DEFAULT 'user_id'::name) RETURNS void
    LANGUAGE plpgsql
    AS $_$
begin
  execute format('alter table %s enable row level security', of_table);
  execute format(
    $policy$create policy rows_of_user on %s using (
      current_user <> 'trove_rows' or %I = nullif(current_setting('app.user_id', true), '')::uuid
    )$policy$, of_table, key);
end $_$;

COMMENT ON FUNCTION public.secure_rows(of_table regclass, key name) IS 'Lets who acts as a user see and write that user''s rows of a table alone.';

CREATE FUNCTION public.split_letters(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT string_agg(CASE WHEN public.is_unspaced(pairs.letter) THEN (((' '::text || pairs.letter) || CASE WHEN public.is_unspaced(pairs.next_letter) THEN pairs.next_letter ELSE ''::text END) || ' '::text) WHEN (pairs.letter ~ '[\u2600-\u27bf\U0001f000-\U0001faff]'::text) THEN ((' u'::text || to_hex(ascii(pairs.letter))) || ' '::text) ELSE pairs.letter END, ''::text ORDER BY pairs.place) AS string_agg FROM (SELECT letters.letter, letters.place, lead(letters.letter) OVER (ORDER BY letters.place) AS next_letter FROM string_to_table(split_letters.written, NULL::text) WITH ORDINALITY letters(letter, place)) pairs);

COMMENT ON FUNCTION public.split_letters(written text) IS 'Each letter of an unspaced script with the one after it, and each emoji, as a word.';

CREATE FUNCTION public.split_words(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
declare
  named text := written;
begin
  -- Names that punctuation makes: C++, C#, .NET.
  if strpos(named, '++') > 0 or strpos(named, '#') > 0 or strpos(named, '.net') > 0 then
    named := regexp_replace(named, '\m([a-z])\+\+', '\1 \1plusplus ', 'g');
    named := regexp_replace(named, '\m([a-z])#', '\1 \1sharp ', 'g');
    named := regexp_replace(named, '\.net\M', ' net dotnet ', 'g');
  end if;
  if octet_length(named) = length(named) then
    -- What makes the parser see a file, a host, a number's sign, an entity or a tag. All else of ASCII divides words anyway.
    return translate(named, '-./:@_&=?#<>+', repeat(' ', 13));
  end if;
  if is_unspaced(named) or named ~ '[\u2600-\u27bf\U0001f000-\U0001faff]' then
    named := split_letters(named);
  end if;
  return regexp_replace(named,
    '[\u0001-/:-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf×÷\u037e\u0387\u0589\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2100-\u25ff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030-\u303f\u30a0\u30fb\ufffc\ufffd]+',
    ' ', 'g');
end $$;

COMMENT ON FUNCTION public.split_words(written text) IS 'A folded text with nothing but spaces between its words.';

CREATE FUNCTION public.tell_saver(of_user uuid, of_content uuid, new_status text, new_category text, new_title text, new_topic text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  save record;
begin
  select id, status, category, is_archived, is_favorited, coalesce(own_category, new_category) as now_category
  into save
  from user_content_saves
  where user_id = of_user and shared_content_id = of_content
    and (status, category, title, topic) is distinct from
      (new_status, coalesce(own_category, new_category), coalesce(own_title, new_title), new_topic)
  for no key update;
  if not found then
    return;
  end if;
  update user_content_saves
  set status = new_status, category = save.now_category, title = coalesce(own_title, new_title), topic = new_topic
  where user_id = of_user and id = save.id;
  perform recount_save(of_user, save.status, save.category, save.is_archived, save.is_favorited,
    new_status, save.now_category, save.is_archived, save.is_favorited);
end $$;

COMMENT ON FUNCTION public.tell_saver(of_user uuid, of_content uuid, new_status text, new_category text, new_title text, new_topic text) IS 'Copies what lists show of a content to a user''s save of it, and counts it as what it is now.';

CREATE FUNCTION public.title_order(title text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN "left"(regexp_replace(regexp_replace(regexp_replace(public.folded(title), '^[\s"''“”„«»‘’‚‹›()\[\]{}¡¿#*·…_–—-]+(?=.)'::text, ''::text), '(\d+)'::text, '0000000000000000000\1'::text, 'g'::text), '\d*(\d{20})'::text, '\1'::text, 'g'::text), 200);

COMMENT ON FUNCTION public.title_order(title text) IS 'What a title is sorted by.';

CREATE FUNCTION public.words_of(written text, language text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO '$user', 'public'
    AS $$
declare
  plain text;
  parts text;
begin
  if coalesce(written, '') = '' then
    return '';
  end if;
  plain := split_words(folded(written));
  parts := compound_parts(left(written, 1000));
  if parts is null then
    return to_tsvector('simple', plain) || to_tsvector(search_config(language), plain);
  end if;
  return to_tsvector('simple', plain) || to_tsvector('simple', lower(parts)) || to_tsvector(search_config(language), plain);
end $$;

COMMENT ON FUNCTION public.words_of(written text, language text) IS 'The words of a text as they are written, the parts of compounds, and the stems of its language.';

CREATE TABLE public.api_clients (
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    permissions jsonb NOT NULL,
    acts_as_user_id uuid NOT NULL,
    require_signature boolean NOT NULL,
    key_hash text NOT NULL,
    key_prefix text NOT NULL,
    secret_sealed text NOT NULL,
    previous_key_hash text,
    previous_secret_sealed text,
    previous_until timestamp(3) with time zone,
    is_active boolean DEFAULT true NOT NULL,
    expires_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone,
    created_by uuid NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.api_clients IS 'Programs that call with a key or sign their requests; the client’s id stands in the key.';

COMMENT ON COLUMN public.api_clients.secret_sealed IS 'Sealed and not hashed, since signatures are checked with the secret itself.';

CREATE TABLE public.audit_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    resource_type text NOT NULL,
    resource_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip_address text,
    user_agent text,
    request_id text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.audit_entries.user_id IS 'No reference to users: an entry outlives its user, and a failed login may name nobody (the zero UUID).';

CREATE TABLE public.backups (
    id uuid NOT NULL,
    status text NOT NULL,
    file text,
    bytes bigint,
    sha256 text,
    counts jsonb,
    error_message text,
    created_by uuid NOT NULL,
    verified_at timestamp(3) with time zone,
    finished_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT backups_status_is_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text, 'READY'::text, 'FAILED'::text])))
);

COMMENT ON COLUMN public.backups.file IS 'Its name in the folder that backups are written to.';

CREATE TABLE public.bookmark_categories (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text GENERATED ALWAYS AS ("left"(public.folded(name), 255)) STORED,
    description text,
    color text,
    icon text,
    cover_content_id uuid,
    parent_id uuid,
    sort_index integer DEFAULT 0 NOT NULL,
    is_uncategorized boolean DEFAULT false NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    query text,
    share_token_sealed text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bookmark_categories_name_is_short CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT bookmark_categories_not_under_itself CHECK ((parent_id <> id)),
    CONSTRAINT bookmark_categories_uncategorized_is_plain CHECK (((NOT is_uncategorized) OR ((parent_id IS NULL) AND (query IS NULL))))
);

COMMENT ON TABLE public.bookmark_categories IS 'What a user sorts bookmarks into; with a query, a view of what it finds.';

COMMENT ON COLUMN public.bookmark_categories.name_key IS 'The name, folded: two that differ in case or accents alone are one.';

COMMENT ON COLUMN public.bookmark_categories.cover_content_id IS 'A save or a work; shown as long as that is there.';

COMMENT ON COLUMN public.bookmark_categories.query IS 'Makes it smart: it holds the saves that this search finds, and no members.';

COMMENT ON COLUMN public.bookmark_categories.share_token_sealed IS 'What its link is found by, sealed with ENCRYPTION_KEY; null until it was first public.';

CREATE TABLE public.bookmark_memberships (
    user_id uuid NOT NULL,
    bookmark_id uuid NOT NULL,
    category_id uuid NOT NULL,
    "position" integer NOT NULL,
    is_hidden boolean DEFAULT false NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.bookmark_memberships IS 'Which bookmarks a category holds. Each bookmark is in one at least.';

COMMENT ON COLUMN public.bookmark_memberships."position" IS 'Their order. What is deleted leaves a gap, so the place that is shown is counted.';

COMMENT ON COLUMN public.bookmark_memberships.is_hidden IS 'A copy: the bookmark is deleted. So that a category is counted by its index alone.';

CREATE TABLE public.bookmarks (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    save_id uuid,
    work_id uuid,
    note text,
    pinned boolean DEFAULT false NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    deleted_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bookmarks_of_one_thing CHECK ((num_nonnulls(save_id, work_id) = 1))
);

COMMENT ON TABLE public.bookmarks IS 'A place for a save or a work in the user''s collections.';

COMMENT ON COLUMN public.bookmarks.note IS 'Private, as that of a save.';

COMMENT ON COLUMN public.bookmarks.deleted_at IS 'Hidden since then. Bookmarking the same again brings it back.';

CREATE TABLE public.category_shares (
    token_hash text NOT NULL,
    owner_id uuid NOT NULL,
    category_id uuid NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.category_shares IS 'Finds a shared category by SHA-256 of its token; whether it is public says the category.';

CREATE TABLE public.cluster_members (
    user_id uuid NOT NULL,
    save_id uuid NOT NULL,
    cluster_id uuid NOT NULL,
    similarity real NOT NULL
);

COMMENT ON COLUMN public.cluster_members.similarity IS 'Cosine to the cluster''s centroid: the most central saves describe it best.';

CREATE TABLE public.clusters (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    label text NOT NULL,
    label_is_custom boolean DEFAULT false NOT NULL,
    cluster_type text,
    short_description text,
    keywords jsonb DEFAULT '[]'::jsonb NOT NULL,
    item_count integer DEFAULT 0 NOT NULL,
    centroid public.vector(512) NOT NULL,
    model text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clusters_type_is_known CHECK ((cluster_type = ANY (ARRAY['Travel'::text, 'Food'::text, 'Learning'::text, 'Fitness'::text, 'Entertainment'::text, 'Shopping'::text, 'Tech'::text, 'Misc'::text])))
);

COMMENT ON COLUMN public.clusters.label_is_custom IS 'The user named it: later runs leave the label alone.';

COMMENT ON COLUMN public.clusters.model IS 'Which embedding model the centroid belongs to.';

CREATE TABLE public.content_embeddings (
    content_id uuid NOT NULL,
    model text NOT NULL,
    embedding public.vector(512) NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.content_embeddings ALTER COLUMN embedding SET STORAGE PLAIN;

CREATE TABLE public.content_links (
    url_hash text NOT NULL,
    content_id uuid NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.content_links IS 'Which content a link leads to. Who saves the link locks its row first. A row tells no more than the content''s address does.';

CREATE TABLE public.content_ratings (
    user_id uuid NOT NULL,
    content_id uuid NOT NULL,
    rating numeric(2,1) NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT content_ratings_are_halves CHECK ((((rating >= (1)::numeric) AND (rating <= (5)::numeric)) AND ((rating * (2)::numeric) = trunc((rating * (2)::numeric)))))
);

COMMENT ON TABLE public.content_ratings IS 'What a user thinks of a save or a work: their own, or somebody''s public one.';

CREATE TABLE public.dropped_tags (
    user_id uuid NOT NULL,
    save_id uuid NOT NULL,
    name_key text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.dropped_tags IS 'Names that a user took off a save: what understands its content does not offer them again.';

CREATE TABLE public.erasures (
    id uuid NOT NULL,
    person_hash text NOT NULL,
    status text NOT NULL,
    scheduled_for timestamp(3) with time zone NOT NULL,
    finished_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erasures_status_is_known CHECK ((status = ANY (ARRAY['scheduled'::text, 'running'::text, 'done'::text, 'cancelled'::text])))
);

COMMENT ON TABLE public.erasures IS 'Who asked to be erased, so that a backup of before does not bring them back.';

COMMENT ON COLUMN public.erasures.person_hash IS 'SHA-256 of the user’s id, which is nowhere else once they are erased.';

CREATE TABLE public.events (
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status smallint,
    location text,
    body jsonb,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.idempotency_keys.status IS 'Null while the first request is still running.';

CREATE TABLE public.interaction_counts (
    user_id uuid NOT NULL,
    interaction_type text NOT NULL,
    interactions integer NOT NULL
);

COMMENT ON TABLE public.interaction_counts IS 'How many interactions of each kind a user has, so that a list counts none. Kept by who writes interactions.';

CREATE TABLE public.interaction_days (
    day date NOT NULL,
    interaction_type text NOT NULL,
    interactions integer NOT NULL,
    users integer NOT NULL
);

COMMENT ON TABLE public.interaction_days IS 'What all users did on each day that is over, counted once by a job. Names nobody.';

COMMENT ON COLUMN public.interaction_days.interaction_type IS 'Or any: all of them together, so that each user counts once.';

CREATE TABLE public.interactions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    content_id uuid NOT NULL,
    interaction_type text NOT NULL,
    rating numeric(2,1),
    duration_ms integer,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT interactions_duration_is_within_a_day CHECK (((duration_ms >= 0) AND (duration_ms <= 86400000))),
    CONSTRAINT interactions_rate_has_rating CHECK (((interaction_type <> 'rate'::text) OR (rating IS NOT NULL))),
    CONSTRAINT interactions_rating_is_in_halves CHECK ((((rating >= (1)::numeric) AND (rating <= (5)::numeric)) AND ((rating * (2)::numeric) = trunc((rating * (2)::numeric))))),
    CONSTRAINT interactions_type_is_known CHECK ((interaction_type = ANY (ARRAY['view'::text, 'open'::text, 'click'::text, 'like'::text, 'dislike'::text, 'share'::text, 'save'::text, 'rate'::text, 'dismiss'::text, 'dwell'::text])))
);

COMMENT ON TABLE public.interactions IS 'What a user did with a save or a work of theirs, or with somebody''s public one.';

COMMENT ON COLUMN public.interactions.id IS 'The client may choose it, so that what is sent again is kept once.';

COMMENT ON COLUMN public.interactions.content_id IS 'A save or a work. No foreign key: what was done stays when the content goes, and it may be another user''s.';

CREATE TABLE public.invitations (
    id uuid NOT NULL,
    token_hash text NOT NULL,
    email text,
    role text NOT NULL,
    created_by uuid NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    used_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invitations_role_is_known CHECK ((role = ANY (ARRAY['normal'::text, 'superuser'::text, 'admin'::text])))
);

CREATE TABLE public.jobs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    content_id uuid,
    save_id uuid,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    request_id text
);

COMMENT ON COLUMN public.jobs.id IS 'Of a run of the chain: the attempt, which is also the id of its first job in the queue.';

COMMENT ON COLUMN public.jobs.request_id IS 'The X-Request-ID of the user''s own request; null when somebody else''s caused the job.';

CREATE TABLE public.joined_saves (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    save_id uuid NOT NULL
);

COMMENT ON COLUMN public.joined_saves.id IS 'Of a save that is no more: whoever asks for it is shown `save_id`.';

CREATE TABLE public.known_networks (
    pair_hash text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.known_networks.created_at IS 'Of the last sign-in, to a day.';

CREATE TABLE public.libraries (
    user_id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    changes_since_clustering integer DEFAULT 0 NOT NULL,
    clustered_at timestamp(3) with time zone,
    event_seq bigint DEFAULT 0 NOT NULL
);

COMMENT ON COLUMN public.libraries.version IS 'Raised in the transaction of every change to the user''s saves, clusters, or the state and metadata of what they saved: the ETag.';

COMMENT ON COLUMN public.libraries.changes_since_clustering IS 'Saves that became READY or went away since the last full clustering.';

COMMENT ON COLUMN public.libraries.event_seq IS 'The number of the library''s newest event. Raised under the row''s lock, so that numbers are committed in order and a reader who has seen one has missed none before it.';

CREATE TABLE public.library_counts (
    user_id uuid NOT NULL,
    status text NOT NULL,
    category text NOT NULL,
    is_archived boolean NOT NULL,
    is_favorited boolean NOT NULL,
    items integer NOT NULL
);

COMMENT ON COLUMN public.library_counts.items IS 'Kept by who writes saves, in the transaction of the change.';

CREATE TABLE public.library_maps (
    user_id uuid NOT NULL,
    model text NOT NULL,
    x_axis public.vector(512) NOT NULL,
    y_axis public.vector(512) NOT NULL,
    x_offset double precision NOT NULL,
    y_offset double precision NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.library_maps.model IS 'Which embedding model the axes belong to: vectors of another are not drawn.';

CREATE TABLE public.model_usage (
    day date NOT NULL,
    model text NOT NULL,
    calls integer DEFAULT 0 NOT NULL,
    tokens_in bigint DEFAULT 0 NOT NULL,
    tokens_out bigint DEFAULT 0 NOT NULL,
    cost_usd numeric(14,6) DEFAULT 0 NOT NULL
);

CREATE TABLE public.password_resets (
    user_id uuid NOT NULL,
    token_hash text NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.password_resets IS 'The one reset link of a user that counts.';

CREATE TABLE public.personal_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    token_hash text NOT NULL,
    expires_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.personal_tokens IS 'Tokens that people made for their own programs; the user’s id stands in each.';

COMMENT ON COLUMN public.personal_tokens.last_used_at IS 'To five minutes.';

CREATE UNLOGGED TABLE public.rate_limits (
    key text NOT NULL,
    window_start timestamp(3) with time zone NOT NULL,
    hits integer NOT NULL
);

CREATE TABLE public.save_tags (
    user_id uuid NOT NULL,
    save_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    source text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT save_tags_source_is_known CHECK ((source = ANY (ARRAY['user'::text, 'ai'::text])))
);

COMMENT ON COLUMN public.save_tags.source IS 'ai: offered by what understood the content, until the user takes or drops it.';

CREATE TABLE public.saved_contents (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    source_platform text NOT NULL,
    status text NOT NULL,
    title text,
    caption text,
    author text,
    thumbnail_url text,
    duration_seconds integer,
    category_high text,
    topic_main text,
    subcategories jsonb NOT NULL,
    locations jsonb NOT NULL,
    intent text,
    language text,
    text_language text,
    save_count integer NOT NULL,
    created_at timestamp(3) with time zone NOT NULL,
    words tsvector
);

COMMENT ON TABLE public.saved_contents IS 'What lists and search read of the contents that a user saved; empty on one Postgres, where they read shared_contents.';

COMMENT ON COLUMN public.saved_contents.save_count IS 'As it was when the content last changed: saves by others do not write here.';

CREATE TABLE public.saved_embeddings (
    user_id uuid NOT NULL,
    content_id uuid NOT NULL,
    model text NOT NULL,
    embedding public.vector(512) NOT NULL
);
ALTER TABLE ONLY public.saved_embeddings ALTER COLUMN embedding SET STORAGE PLAIN;

COMMENT ON TABLE public.saved_embeddings IS 'The vectors of the contents that a user saved; empty on one Postgres, where content_embeddings is read.';

CREATE TABLE public.server_settings (
    name text NOT NULL,
    value text NOT NULL
);

CREATE TABLE public.sessions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    remembers boolean NOT NULL,
    counter integer DEFAULT 0 NOT NULL,
    rotated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    expires_at timestamp(3) with time zone NOT NULL,
    last_used_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    ip_address text,
    user_agent text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.sessions IS 'Where somebody is signed in. A session that ends is no row.';

COMMENT ON COLUMN public.sessions.counter IS 'Of the refresh token that counts now.';

COMMENT ON COLUMN public.sessions.last_used_at IS 'To five minutes.';

CREATE TABLE public.settings (
    key text NOT NULL,
    value jsonb NOT NULL,
    version bigint NOT NULL,
    updated_by uuid,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.settings IS 'What an admin has set while Trove runs; what is not here is as the environment says.';

CREATE TABLE public.shared_contents (
    id uuid NOT NULL,
    url text NOT NULL,
    url_hash text NOT NULL,
    source_platform text NOT NULL,
    external_id text NOT NULL,
    status text DEFAULT 'PENDING'::text NOT NULL,
    attempt uuid NOT NULL,
    error_message text,
    title text,
    caption text,
    description text,
    author text,
    tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    thumbnail_url text,
    duration_seconds integer,
    language text,
    published_at timestamp(3) with time zone,
    metadata_source text,
    metadata_quality text,
    content_text text,
    topic_main text,
    category_high text,
    subcategories jsonb DEFAULT '[]'::jsonb NOT NULL,
    locations jsonb DEFAULT '[]'::jsonb NOT NULL,
    entities jsonb DEFAULT '[]'::jsonb NOT NULL,
    intent text,
    visual_description text,
    visual_tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    analysis_source text,
    analysis_model text,
    save_count integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    transcript text,
    page_etag text,
    page_last_modified text,
    analysis_prompt text,
    analysis_tokens_in integer DEFAULT 0 NOT NULL,
    analysis_tokens_out integer DEFAULT 0 NOT NULL,
    analysis_cost_usd numeric(12,6) DEFAULT 0 NOT NULL,
    is_shareable boolean DEFAULT false NOT NULL,
    unsaved_since timestamp(3) with time zone,
    run_stage text,
    reread_at timestamp(3) with time zone,
    text_language text,
    words tsvector GENERATED ALWAYS AS (((((setweight(public.words_of(title, COALESCE(text_language, language)), 'A'::"char") || setweight(public.words_of(topic_main, COALESCE(text_language, language)), 'A'::"char")) || setweight(public.words_of((tags)::text, COALESCE(text_language, language)), 'B'::"char")) || setweight(public.words_of("left"(caption, 20000), COALESCE(text_language, language)), 'C'::"char")) || setweight(public.words_of("left"(content_text, 20000), COALESCE(text_language, language)), 'D'::"char"))) STORED,
    CONSTRAINT shared_contents_category_is_known CHECK ((category_high = ANY (ARRAY['Travel'::text, 'Food & Drink'::text, 'Learning'::text, 'Career'::text, 'Fitness'::text, 'Entertainment'::text, 'Shopping'::text, 'Tech'::text, 'Misc'::text]))),
    CONSTRAINT shared_contents_intent_is_known CHECK ((intent = ANY (ARRAY['learn'::text, 'visit'::text, 'buy'::text, 'try'::text, 'watch'::text, 'misc'::text]))),
    CONSTRAINT shared_contents_platform_is_known CHECK ((source_platform = ANY (ARRAY['instagram'::text, 'youtube'::text, 'web'::text]))),
    CONSTRAINT shared_contents_quality_is_known CHECK ((metadata_quality = ANY (ARRAY['full'::text, 'partial'::text, 'minimal'::text]))),
    CONSTRAINT shared_contents_save_count_is_not_negative CHECK ((save_count >= 0)),
    CONSTRAINT shared_contents_status_is_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text, 'READY'::text, 'FAILED'::text])))
);

COMMENT ON COLUMN public.shared_contents.url_hash IS 'The key of its own address. content_links is where links are looked up.';

COMMENT ON COLUMN public.shared_contents.attempt IS 'Names the run of the worker chain that may write here. A new run takes a new one, and what an older run still has in hand is dropped.';

COMMENT ON COLUMN public.shared_contents.error_message IS 'Why it FAILED, in a sentence for the person who saved it.';

COMMENT ON COLUMN public.shared_contents.content_text IS 'The text that was understood: title, caption, description, and the beginning of the transcript.';

COMMENT ON COLUMN public.shared_contents.analysis_source IS 'local or openai; local:no-vector where the local model knows too little of the text to say what it is like.';

COMMENT ON COLUMN public.shared_contents.save_count IS 'Always the number of rows in user_content_saves: counted in the same transaction.';

COMMENT ON COLUMN public.shared_contents.version IS 'Counts changes of metadata and state, for optimistic locking; saves by others do not count.';

COMMENT ON COLUMN public.shared_contents.transcript IS 'What is said in a video, or the main text of a page.';

COMMENT ON COLUMN public.shared_contents.page_etag IS 'The validators of the page that was read: it is asked for again only if it has changed.';

COMMENT ON COLUMN public.shared_contents.analysis_prompt IS 'Which version of our instructions the model followed; null for the local models.';

COMMENT ON COLUMN public.shared_contents.is_shareable IS 'Whether those who have not saved it may find it, once enough have (publicity): false where the address itself may be private.';

COMMENT ON COLUMN public.shared_contents.unsaved_since IS 'When the last save of it went; null while somebody has it.';

COMMENT ON COLUMN public.shared_contents.run_stage IS 'How far the run that `attempt` names is; null: as far as the status says, as for what was read before the column was there.';

COMMENT ON COLUMN public.shared_contents.reread_at IS 'When somebody last had it read anew.';

COMMENT ON COLUMN public.shared_contents.text_language IS 'What language the text is in (ISO 639-1), as its words tell; null when they do not. `language` is what the platform says.';

CREATE TABLE public.shared_tag_stats (
    tag_id uuid NOT NULL,
    content_source text NOT NULL,
    cardinality integer NOT NULL,
    CONSTRAINT shared_tag_stats_source_is_known CHECK ((content_source = ANY (ARRAY['items'::text, 'auto'::text])))
);

COMMENT ON TABLE public.shared_tag_stats IS 'How much that is public has a shared tag, whosever it is. Written daily.';

CREATE TABLE public.sign_in_identities (
    identity_hash text NOT NULL,
    account_id uuid NOT NULL,
    issuer text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.sign_in_identities IS 'Whose account somebody is at an OpenID provider: SHA-256 of issuer and subject.';

CREATE TABLE public.signing_keys (
    id text NOT NULL,
    secret_sealed text,
    active_from timestamp(3) with time zone NOT NULL,
    ends_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.signing_keys IS 'The keys of access tokens. The youngest that is active signs; the others verify until they end.';

COMMENT ON COLUMN public.signing_keys.id IS 'The `kid` of its tokens.';

COMMENT ON COLUMN public.signing_keys.secret_sealed IS 'Null for JWT_SECRET_KEY, which is not kept.';

CREATE TABLE public.tag_aliases (
    id uuid NOT NULL,
    tag_id uuid NOT NULL,
    owner_id uuid,
    name text NOT NULL,
    name_key text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.tag_aliases IS 'Other names of tags: those that were merged into them, too.';

COMMENT ON COLUMN public.tag_aliases.owner_id IS 'For whom the name means the tag; null: for everybody.';

CREATE TABLE public.tag_cardinality_stats (
    user_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    content_source text NOT NULL,
    cardinality integer NOT NULL,
    CONSTRAINT tag_cardinality_stats_source_is_known CHECK ((content_source = ANY (ARRAY['items'::text, 'auto'::text])))
);

COMMENT ON TABLE public.tag_cardinality_stats IS 'How many saves and works of a user have a tag, which they alone know of: all with an own tag, and what is not public with a shared one. Written daily.';

CREATE TABLE public.tag_closure (
    descendant_id uuid NOT NULL,
    ancestor_id uuid NOT NULL,
    owner_id uuid,
    depth integer NOT NULL,
    CONSTRAINT tag_closure_has_no_loops CHECK ((descendant_id <> ancestor_id))
);

COMMENT ON COLUMN public.tag_closure.owner_id IS 'Whose the descendant is.';

COMMENT ON COLUMN public.tag_closure.depth IS 'How many edges the shortest way has.';

CREATE TABLE public.tag_edges (
    child_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    owner_id uuid,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tag_edges_are_no_loops CHECK ((child_id <> parent_id))
);

COMMENT ON COLUMN public.tag_edges.owner_id IS 'Whose the child is; null for a shared one, which stands beneath shared ones alone.';

CREATE TABLE public.tag_favorites (
    user_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.tag_ratings (
    user_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    rating numeric(2,1) NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tag_ratings_are_halves CHECK ((((rating >= (1)::numeric) AND (rating <= (5)::numeric)) AND ((rating * (2)::numeric) = trunc((rating * (2)::numeric)))))
);

CREATE TABLE public.tags (
    id uuid NOT NULL,
    owner_id uuid,
    name text NOT NULL,
    name_key text NOT NULL,
    description text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    rating_count integer DEFAULT 0 NOT NULL,
    rating_sum double precision DEFAULT 0 NOT NULL,
    average_rating double precision GENERATED ALWAYS AS ((rating_sum / (NULLIF(rating_count, 0))::double precision)) STORED
);

COMMENT ON TABLE public.tags IS 'Shared ones have no owner; others are known to their owner, and to who sees what they made public.';

COMMENT ON COLUMN public.tags.name_key IS 'The name, folded: two that differ in case or accents alone are one.';

COMMENT ON COLUMN public.tags.rating_count IS 'Of how many users there is a row in tag_ratings; kept by whoever writes there.';

CREATE UNLOGGED TABLE public.thumbnails (
    content_id uuid NOT NULL,
    hash text NOT NULL,
    width smallint NOT NULL,
    bytes bytea,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.thumbnails ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON COLUMN public.thumbnails.hash IS 'MD5 of the picture''s address, in hex: an address that changes makes another picture.';

COMMENT ON COLUMN public.thumbnails.bytes IS 'WebP; null when the picture could not be had, which holds for an hour.';

CREATE TABLE public.trash (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    content_id uuid,
    title text,
    rows jsonb NOT NULL,
    deleted_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.trash IS 'What a user removed, and may have back for TRASH_DAYS.';

COMMENT ON COLUMN public.trash.kind IS 'One of src/library/trash/kinds.ts.';

COMMENT ON COLUMN public.trash.content_id IS 'What a save is of. It is kept as long as it lies here, though nobody has it.';

COMMENT ON COLUMN public.trash.rows IS 'By table, the rows to be put back as they were.';

CREATE TABLE public.two_phase (
    id integer NOT NULL
);

COMMENT ON TABLE public.two_phase IS 'Always empty. A transaction of the queue touches it where tables are spread: docs/decisions/0021.';

CREATE TABLE public.used_nonces (
    nonce_hash text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.used_nonces IS 'Of signed requests, each with its client: none counts twice.';

CREATE TABLE public.user_content_saves (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    shared_content_id uuid NOT NULL,
    raw_share_text text,
    is_favorited boolean DEFAULT false NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    last_viewed_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    status text DEFAULT 'PENDING'::text NOT NULL,
    category text DEFAULT 'Misc'::text NOT NULL,
    title text,
    topic text,
    search_text text GENERATED ALWAYS AS (public.folded(((((COALESCE(title, ''::text) || '
'::text) || COALESCE(topic, ''::text)) || '
'::text) || COALESCE(raw_share_text, ''::text)))) STORED,
    title_key text GENERATED ALWAYS AS (public.title_order(title)) STORED COLLATE pg_catalog."C",
    own_title text,
    own_category text,
    note_words tsvector GENERATED ALWAYS AS (
CASE
    WHEN ((raw_share_text IS NOT NULL) OR (own_title IS NOT NULL)) THEN (setweight(public.words_of(own_title, NULL::text), 'A'::"char") || public.words_of(raw_share_text, NULL::text))
    ELSE NULL::tsvector
END) STORED,
    is_public boolean DEFAULT false NOT NULL,
    quality_score double precision,
    CONSTRAINT user_content_saves_note_is_short CHECK ((length(raw_share_text) <= 500)),
    CONSTRAINT user_content_saves_own_category_is_known CHECK ((own_category = ANY (ARRAY['Travel'::text, 'Food & Drink'::text, 'Learning'::text, 'Career'::text, 'Fitness'::text, 'Entertainment'::text, 'Shopping'::text, 'Tech'::text, 'Misc'::text]))),
    CONSTRAINT user_content_saves_own_title_is_short CHECK (((length(own_title) >= 1) AND (length(own_title) <= 500))),
    CONSTRAINT user_content_saves_quality_is_a_share CHECK (((quality_score >= (0)::double precision) AND (quality_score <= (1)::double precision)))
);

COMMENT ON COLUMN public.user_content_saves.raw_share_text IS 'The user''s own note. Private: it never leaves the library.';

COMMENT ON COLUMN public.user_content_saves.version IS 'Counts the user''s own edits: what If-Match is compared with.';

COMMENT ON COLUMN public.user_content_saves.status IS 'A copy of the content''s, like category (Misc when it has none), title and topic; own_category and own_title win.';

COMMENT ON COLUMN public.user_content_saves.search_text IS 'What `search` looks through, folded. Holds the note, so it is as private.';

COMMENT ON COLUMN public.user_content_saves.title_key IS 'What sort_by=title goes by.';

COMMENT ON COLUMN public.user_content_saves.own_title IS 'The user''s own. Private, like the note: it never leaves the library.';

COMMENT ON COLUMN public.user_content_saves.note_words IS 'The words that are the user''s own: of the title, and of the note.';

COMMENT ON COLUMN public.user_content_saves.is_public IS 'Whether others see that it was saved, by whom, and under which of the user''s tags; never the note.';

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    password_hash text,
    role text DEFAULT 'normal'::text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    username text,
    full_name text,
    company_name text,
    locale text,
    timezone text,
    is_active boolean DEFAULT true NOT NULL,
    subscription_tier text DEFAULT 'enterprise'::text NOT NULL,
    must_change_password boolean DEFAULT false NOT NULL,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by uuid,
    last_login timestamp(3) with time zone,
    tokens_from timestamp(3) with time zone,
    deleted_at timestamp(3) with time zone,
    erase_at timestamp(3) with time zone,
    CONSTRAINT users_email_is_normal CHECK (((email = lower(btrim(email))) AND ((length(email) >= 3) AND (length(email) <= 254)))),
    CONSTRAINT users_role_is_known CHECK ((role = ANY (ARRAY['normal'::text, 'superuser'::text, 'admin'::text]))),
    CONSTRAINT users_tier_is_known CHECK ((subscription_tier = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text]))),
    CONSTRAINT users_username_is_normal CHECK ((username ~ '^[a-z0-9_-]{3,40}$'::text))
);

COMMENT ON COLUMN public.users.email IS 'Trimmed and lower case, so that one person cannot register twice.';

COMMENT ON COLUMN public.users.password_hash IS 'Null for who signs in elsewhere only.';

COMMENT ON COLUMN public.users.role IS 'What somebody may do: src/accounts/permissions.ts.';

COMMENT ON COLUMN public.users.tokens_from IS 'A token that names no session counts when it was issued since then; null: always.';

COMMENT ON COLUMN public.users.deleted_at IS 'In the trash: nobody signs in, email and username are free, an admin may restore it.';

COMMENT ON COLUMN public.users.erase_at IS 'When everything of the user goes; null: not asked for.';

CREATE TABLE public.webhook_deliveries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event text NOT NULL,
    data jsonb NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    response_status integer,
    error_message text,
    duration_ms integer,
    next_attempt_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhook_deliveries_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);

CREATE TABLE public.webhooks (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    events jsonb NOT NULL,
    secret_sealed text NOT NULL,
    previous_secret_sealed text,
    previous_secret_until timestamp(3) with time zone,
    is_active boolean DEFAULT true NOT NULL,
    disabled_reason text,
    failing_since timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.webhooks.secret_sealed IS 'AES-256-GCM, since a delivery must be signed with it; the key is not in the database.';

COMMENT ON COLUMN public.webhooks.previous_secret_sealed IS 'Signs as well until previous_secret_until, so that a rotation breaks no receiver.';

COMMENT ON COLUMN public.webhooks.failing_since IS 'When the first of the present row of failures was; null after a success.';

CREATE TABLE public.work_tags (
    user_id uuid NOT NULL,
    work_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    source text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT work_tags_source_is_known CHECK ((source = ANY (ARRAY['user'::text, 'ai'::text])))
);

CREATE TABLE public.works (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    content_type text NOT NULL,
    source_type text DEFAULT 'regular'::text NOT NULL,
    title text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    file_url text,
    thumbnail_url text,
    width integer,
    height integer,
    file_size bigint,
    mime_type text,
    prompt text,
    negative_prompt text,
    generation_settings jsonb,
    content_category text,
    character_id uuid,
    character_name text,
    quality_score double precision,
    is_approved boolean DEFAULT false NOT NULL,
    is_nsfw boolean DEFAULT false NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    times_used integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    title_key text GENERATED ALWAYS AS (public.title_order(title)) STORED COLLATE pg_catalog."C",
    CONSTRAINT works_content_type_is_known CHECK ((content_type = ANY (ARRAY['text'::text, 'image'::text, 'video'::text, 'link'::text]))),
    CONSTRAINT works_quality_is_a_share CHECK (((quality_score >= (0)::double precision) AND (quality_score <= (1)::double precision))),
    CONSTRAINT works_source_type_is_known CHECK ((source_type = ANY (ARRAY['regular'::text, 'auto'::text])))
);

COMMENT ON TABLE public.works IS 'What a user wrote, or had generated: it has its own text or file, where a save has a link.';

COMMENT ON COLUMN public.works.source_type IS 'regular: written by hand; auto: generated.';

COMMENT ON COLUMN public.works.version IS 'Counts edits: what If-Match is compared with.';

COMMENT ON COLUMN public.works.title_key IS 'What a list by title goes by.';

ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.backups
    ADD CONSTRAINT backups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bookmark_categories
    ADD CONSTRAINT bookmark_categories_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.bookmark_memberships
    ADD CONSTRAINT bookmark_memberships_pkey PRIMARY KEY (user_id, bookmark_id, category_id);

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_save_taken UNIQUE (user_id, save_id);

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_work_taken UNIQUE (user_id, work_id);

ALTER TABLE ONLY public.category_shares
    ADD CONSTRAINT category_shares_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_pkey PRIMARY KEY (user_id, save_id);

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_label_is_unique UNIQUE (user_id, label) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.content_embeddings
    ADD CONSTRAINT content_embeddings_pkey PRIMARY KEY (content_id, model);

ALTER TABLE ONLY public.content_links
    ADD CONSTRAINT content_links_pkey PRIMARY KEY (url_hash);

ALTER TABLE ONLY public.content_ratings
    ADD CONSTRAINT content_ratings_pkey PRIMARY KEY (user_id, content_id);

ALTER TABLE ONLY public.dropped_tags
    ADD CONSTRAINT dropped_tags_pkey PRIMARY KEY (user_id, save_id, name_key);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (user_id, seq);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, route, key);

ALTER TABLE ONLY public.interaction_counts
    ADD CONSTRAINT interaction_counts_pkey PRIMARY KEY (user_id, interaction_type);

ALTER TABLE ONLY public.interaction_days
    ADD CONSTRAINT interaction_days_pkey PRIMARY KEY (day, interaction_type);

ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.joined_saves
    ADD CONSTRAINT joined_saves_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.known_networks
    ADD CONSTRAINT known_networks_pkey PRIMARY KEY (pair_hash);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.library_counts
    ADD CONSTRAINT library_counts_pkey PRIMARY KEY (user_id, status, category, is_archived, is_favorited);

ALTER TABLE ONLY public.library_maps
    ADD CONSTRAINT library_maps_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.model_usage
    ADD CONSTRAINT model_usage_pkey PRIMARY KEY (day, model);

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.personal_tokens
    ADD CONSTRAINT personal_tokens_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key, window_start);

ALTER TABLE ONLY public.save_tags
    ADD CONSTRAINT save_tags_pkey PRIMARY KEY (user_id, save_id, tag_id);

ALTER TABLE ONLY public.saved_contents
    ADD CONSTRAINT saved_contents_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.saved_embeddings
    ADD CONSTRAINT saved_embeddings_pkey PRIMARY KEY (user_id, content_id, model);

ALTER TABLE ONLY public.server_settings
    ADD CONSTRAINT server_settings_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.shared_contents
    ADD CONSTRAINT shared_contents_pkey PRIMARY KEY (id);

ALTER TABLE public.shared_contents
    ADD CONSTRAINT shared_contents_run_stage_is_known CHECK ((run_stage = ANY (ARRAY['queued'::text, 'understanding'::text, 'embedding'::text, 'done'::text, 'failed'::text]))) NOT VALID;

ALTER TABLE ONLY public.shared_tag_stats
    ADD CONSTRAINT shared_tag_stats_pkey PRIMARY KEY (tag_id, content_source);

ALTER TABLE ONLY public.sign_in_identities
    ADD CONSTRAINT sign_in_identities_pkey PRIMARY KEY (identity_hash);

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tag_aliases
    ADD CONSTRAINT tag_aliases_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tag_cardinality_stats
    ADD CONSTRAINT tag_cardinality_stats_pkey PRIMARY KEY (user_id, tag_id, content_source);

ALTER TABLE ONLY public.tag_closure
    ADD CONSTRAINT tag_closure_pkey PRIMARY KEY (descendant_id, ancestor_id);

ALTER TABLE ONLY public.tag_edges
    ADD CONSTRAINT tag_edges_pkey PRIMARY KEY (child_id, parent_id);

ALTER TABLE ONLY public.tag_favorites
    ADD CONSTRAINT tag_favorites_pkey PRIMARY KEY (user_id, tag_id);

ALTER TABLE ONLY public.tag_ratings
    ADD CONSTRAINT tag_ratings_pkey PRIMARY KEY (user_id, tag_id);

ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thumbnails
    ADD CONSTRAINT thumbnails_pkey PRIMARY KEY (content_id, hash, width);

ALTER TABLE ONLY public.trash
    ADD CONSTRAINT trash_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.two_phase
    ADD CONSTRAINT two_phase_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.used_nonces
    ADD CONSTRAINT used_nonces_pkey PRIMARY KEY (nonce_hash);

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_saved_once UNIQUE (user_id, shared_content_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.work_tags
    ADD CONSTRAINT work_tags_pkey PRIMARY KEY (user_id, work_id, tag_id);

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_pkey PRIMARY KEY (user_id, id);

CREATE INDEX api_clients_by_user ON public.api_clients USING btree (acts_as_user_id);

CREATE INDEX audit_entries_by_age ON public.audit_entries USING btree (created_at);

CREATE INDEX audit_entries_by_id ON public.audit_entries USING btree (id);

CREATE UNIQUE INDEX bookmark_categories_name_taken ON public.bookmark_categories USING btree (user_id, COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name_key);

CREATE UNIQUE INDEX bookmark_categories_one_uncategorized ON public.bookmark_categories USING btree (user_id) WHERE is_uncategorized;

CREATE INDEX bookmark_memberships_by_category ON public.bookmark_memberships USING btree (user_id, category_id, "position", bookmark_id) WHERE (NOT is_hidden);

CREATE INDEX bookmark_memberships_of_category ON public.bookmark_memberships USING btree (user_id, category_id);

CREATE INDEX bookmarks_deleted ON public.bookmarks USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);

CREATE INDEX category_shares_by_owner ON public.category_shares USING btree (owner_id, category_id);

CREATE INDEX cluster_members_of_cluster ON public.cluster_members USING btree (user_id, cluster_id, similarity DESC);

CREATE INDEX content_embeddings_nearest ON public.content_embeddings USING hnsw (embedding public.vector_cosine_ops) WITH (m='16', ef_construction='100');

CREATE INDEX content_embeddings_of_model ON public.content_embeddings USING btree (model, content_id);

CREATE INDEX content_links_by_content ON public.content_links USING btree (content_id);

CREATE INDEX content_ratings_by_rating ON public.content_ratings USING btree (user_id, rating, content_id);

CREATE INDEX erasures_by_person ON public.erasures USING btree (person_hash);

CREATE INDEX events_by_age ON public.events USING btree (created_at);

CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX interactions_by_age ON public.interactions USING btree (created_at);

CREATE INDEX interactions_by_content ON public.interactions USING btree (content_id, user_id, created_at, id) INCLUDE (interaction_type, rating, duration_ms);

CREATE INDEX interactions_by_rating ON public.interactions USING btree (user_id, rating, id) WHERE (rating IS NOT NULL);

CREATE INDEX interactions_by_time ON public.interactions USING btree (user_id, created_at, id);

CREATE INDEX interactions_by_type ON public.interactions USING btree (user_id, interaction_type, created_at, id);

CREATE INDEX invitations_by_age ON public.invitations USING btree (created_at);

CREATE INDEX jobs_by_age ON public.jobs USING btree (created_at);

CREATE INDEX jobs_of_save ON public.jobs USING btree (user_id, save_id);

CREATE INDEX joined_saves_by_save ON public.joined_saves USING btree (user_id, save_id);

CREATE INDEX known_networks_by_age ON public.known_networks USING btree (created_at);

CREATE INDEX save_tags_by_tag ON public.save_tags USING btree (user_id, tag_id, save_id);

CREATE INDEX save_tags_of_tag ON public.save_tags USING btree (tag_id, user_id, save_id);

CREATE INDEX saved_contents_words ON public.saved_contents USING gin (words);

CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at);

CREATE INDEX shared_contents_by_save_count ON public.shared_contents USING btree (save_count, id);

CREATE INDEX shared_contents_findable ON public.shared_contents USING btree (public.publicity(source_platform, save_count)) WHERE (is_shareable AND (status = 'READY'::text));

CREATE INDEX shared_contents_unfinished ON public.shared_contents USING btree (updated_at) WHERE (status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text]));

CREATE INDEX shared_contents_unsaved ON public.shared_contents USING btree (unsaved_since) WHERE (save_count = 0);

CREATE INDEX shared_contents_words ON public.shared_contents USING gin (words);

CREATE INDEX sign_in_identities_by_account ON public.sign_in_identities USING btree (account_id);

CREATE INDEX tag_aliases_by_tag ON public.tag_aliases USING btree (tag_id);

CREATE UNIQUE INDEX tag_aliases_own_name_taken ON public.tag_aliases USING btree (owner_id, name_key) WHERE (owner_id IS NOT NULL);

CREATE UNIQUE INDEX tag_aliases_shared_name_taken ON public.tag_aliases USING btree (name_key) WHERE (owner_id IS NULL);

CREATE INDEX tag_closure_by_ancestor ON public.tag_closure USING btree (ancestor_id, owner_id, depth);

CREATE INDEX tag_closure_by_owner ON public.tag_closure USING btree (owner_id);

CREATE INDEX tag_edges_by_owner ON public.tag_edges USING btree (owner_id);

CREATE INDEX tag_edges_by_parent ON public.tag_edges USING btree (parent_id, child_id);

CREATE INDEX tags_of_owner ON public.tags USING btree (owner_id, created_at, id);

CREATE UNIQUE INDEX tags_own_name_taken ON public.tags USING btree (owner_id, name_key) WHERE (owner_id IS NOT NULL);

CREATE UNIQUE INDEX tags_shared_name_taken ON public.tags USING btree (name_key) WHERE (owner_id IS NULL);

CREATE INDEX thumbnails_by_age ON public.thumbnails USING btree (created_at);

CREATE INDEX trash_by_age ON public.trash USING btree (deleted_at);

CREATE INDEX trash_by_deleted ON public.trash USING btree (user_id, deleted_at, id);

CREATE INDEX trash_of_content ON public.trash USING btree (content_id, user_id) WHERE (content_id IS NOT NULL);

CREATE INDEX used_nonces_by_age ON public.used_nonces USING btree (created_at);

CREATE INDEX user_content_saves_by_category ON public.user_content_saves USING btree (user_id, status, is_archived, category, created_at, id);

CREATE INDEX user_content_saves_by_category_title ON public.user_content_saves USING btree (user_id, status, is_archived, category, title_key, id);

CREATE INDEX user_content_saves_by_category_updated ON public.user_content_saves USING btree (user_id, status, is_archived, category, updated_at, id);

CREATE INDEX user_content_saves_by_category_viewed ON public.user_content_saves USING btree (user_id, status, is_archived, category, last_viewed_at, id);

CREATE INDEX user_content_saves_by_created ON public.user_content_saves USING btree (user_id, status, is_archived, created_at, id);

CREATE INDEX user_content_saves_by_quality ON public.user_content_saves USING btree (user_id, quality_score, id) WHERE (quality_score IS NOT NULL);

CREATE INDEX user_content_saves_by_title ON public.user_content_saves USING btree (user_id, status, is_archived, title_key, id);

CREATE INDEX user_content_saves_by_updated ON public.user_content_saves USING btree (user_id, status, is_archived, updated_at, id);

CREATE INDEX user_content_saves_by_viewed ON public.user_content_saves USING btree (user_id, status, is_archived, last_viewed_at, id);

CREATE INDEX user_content_saves_favorites ON public.user_content_saves USING btree (user_id, status, is_archived, created_at, id) WHERE is_favorited;

CREATE INDEX user_content_saves_favorites_title ON public.user_content_saves USING btree (user_id, status, is_archived, title_key, id) WHERE is_favorited;

CREATE INDEX user_content_saves_favorites_updated ON public.user_content_saves USING btree (user_id, status, is_archived, updated_at, id) WHERE is_favorited;

CREATE INDEX user_content_saves_favorites_viewed ON public.user_content_saves USING btree (user_id, status, is_archived, last_viewed_at, id) WHERE is_favorited;

CREATE INDEX user_content_saves_note_words ON public.user_content_saves USING gin (note_words);

CREATE INDEX user_content_saves_of_content ON public.user_content_saves USING btree (shared_content_id, user_id);

CREATE INDEX user_content_saves_public_by_created ON public.user_content_saves USING btree (created_at, id) INCLUDE (user_id) WHERE (is_public AND (NOT is_archived));

CREATE INDEX user_content_saves_public_by_id ON public.user_content_saves USING btree (id) INCLUDE (user_id) WHERE (is_public AND (NOT is_archived));

CREATE INDEX user_content_saves_public_by_quality ON public.user_content_saves USING btree (quality_score, id) INCLUDE (user_id) WHERE (is_public AND (NOT is_archived) AND (quality_score IS NOT NULL));

CREATE INDEX user_content_saves_public_by_updated ON public.user_content_saves USING btree (updated_at, id) INCLUDE (user_id) WHERE (is_public AND (NOT is_archived));

CREATE INDEX user_content_saves_public_of_user ON public.user_content_saves USING btree (user_id, created_at, id) WHERE is_public;

CREATE INDEX user_content_saves_substrings ON public.user_content_saves USING gin (search_text public.gin_trgm_ops) WITH (gin_pending_list_limit='256');

CREATE INDEX users_by_erasure ON public.users USING btree (erase_at) WHERE (erase_at IS NOT NULL);

CREATE UNIQUE INDEX users_email_taken ON public.users USING btree (email) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX users_username_taken ON public.users USING btree (username) WHERE (deleted_at IS NULL);

CREATE INDEX webhook_deliveries_by_age ON public.webhook_deliveries USING btree (created_at);

CREATE INDEX webhook_deliveries_newest ON public.webhook_deliveries USING btree (user_id, webhook_id, created_at DESC, id DESC);

CREATE INDEX webhook_deliveries_pending ON public.webhook_deliveries USING btree (user_id) WHERE (status = 'pending'::text);

CREATE INDEX work_tags_by_tag ON public.work_tags USING btree (user_id, tag_id, work_id);

CREATE INDEX work_tags_of_tag ON public.work_tags USING btree (tag_id, user_id, work_id);

CREATE INDEX works_by_created ON public.works USING btree (user_id, source_type, created_at, id) INCLUDE (content_type);

CREATE INDEX works_by_quality ON public.works USING btree (user_id, source_type, quality_score, id);

CREATE INDEX works_by_title ON public.works USING btree (user_id, source_type, title_key, id);

CREATE INDEX works_by_updated ON public.works USING btree (user_id, source_type, updated_at, id);

CREATE INDEX works_public_by_created ON public.works USING btree (source_type, is_nsfw, created_at, id) INCLUDE (user_id, content_type) WHERE is_public;

CREATE INDEX works_public_by_id ON public.works USING btree (id) INCLUDE (user_id) WHERE is_public;

CREATE INDEX works_public_by_quality ON public.works USING btree (source_type, is_nsfw, quality_score, id) INCLUDE (user_id) WHERE is_public;

CREATE INDEX works_public_by_title ON public.works USING btree (source_type, is_nsfw, title_key, id) INCLUDE (user_id) WHERE is_public;

CREATE INDEX works_public_by_updated ON public.works USING btree (source_type, is_nsfw, updated_at, id) INCLUDE (user_id) WHERE is_public;

CREATE INDEX works_public_of_user ON public.works USING btree (user_id, created_at, id) WHERE is_public;

CREATE INDEX works_substrings ON public.works USING gin (public.folded(title) public.gin_trgm_ops);

ALTER TABLE ONLY public.bookmark_categories
    ADD CONSTRAINT bookmark_categories_parent_fkey FOREIGN KEY (user_id, parent_id) REFERENCES public.bookmark_categories(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmark_categories
    ADD CONSTRAINT bookmark_categories_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmark_memberships
    ADD CONSTRAINT bookmark_memberships_bookmark_fkey FOREIGN KEY (user_id, bookmark_id) REFERENCES public.bookmarks(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmark_memberships
    ADD CONSTRAINT bookmark_memberships_category_fkey FOREIGN KEY (user_id, category_id) REFERENCES public.bookmark_categories(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_save_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_work_fkey FOREIGN KEY (user_id, work_id) REFERENCES public.works(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_user_id_cluster_id_fkey FOREIGN KEY (user_id, cluster_id) REFERENCES public.clusters(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_user_id_save_id_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_embeddings
    ADD CONSTRAINT content_embeddings_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.shared_contents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_ratings
    ADD CONSTRAINT content_ratings_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.dropped_tags
    ADD CONSTRAINT dropped_tags_save_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.interaction_counts
    ADD CONSTRAINT interaction_counts_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_user_id_save_id_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.joined_saves
    ADD CONSTRAINT joined_saves_user_id_save_id_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.library_counts
    ADD CONSTRAINT library_counts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.library_maps
    ADD CONSTRAINT library_maps_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.personal_tokens
    ADD CONSTRAINT personal_tokens_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.save_tags
    ADD CONSTRAINT save_tags_save_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.saved_contents
    ADD CONSTRAINT saved_contents_save_fkey FOREIGN KEY (user_id, id) REFERENCES public.user_content_saves(user_id, shared_content_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.saved_embeddings
    ADD CONSTRAINT saved_embeddings_copy_fkey FOREIGN KEY (user_id, content_id) REFERENCES public.saved_contents(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_aliases
    ADD CONSTRAINT tag_aliases_tag_fkey FOREIGN KEY (tag_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_cardinality_stats
    ADD CONSTRAINT tag_cardinality_stats_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_closure
    ADD CONSTRAINT tag_closure_ancestor_fkey FOREIGN KEY (ancestor_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_closure
    ADD CONSTRAINT tag_closure_descendant_fkey FOREIGN KEY (descendant_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_edges
    ADD CONSTRAINT tag_edges_child_fkey FOREIGN KEY (child_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_edges
    ADD CONSTRAINT tag_edges_parent_fkey FOREIGN KEY (parent_id) REFERENCES public.tags(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_favorites
    ADD CONSTRAINT tag_favorites_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tag_ratings
    ADD CONSTRAINT tag_ratings_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.thumbnails
    ADD CONSTRAINT thumbnails_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.shared_contents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.trash
    ADD CONSTRAINT trash_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_user_id_webhook_id_fkey FOREIGN KEY (user_id, webhook_id) REFERENCES public.webhooks(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.work_tags
    ADD CONSTRAINT work_tags_work_fkey FOREIGN KEY (user_id, work_id) REFERENCES public.works(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.works
    ADD CONSTRAINT works_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE public.audit_entries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bookmark_categories ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bookmark_memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bookmarks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cluster_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.clusters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.content_ratings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dropped_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.interaction_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.interactions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.joined_saves ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.libraries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.library_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.library_maps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.password_resets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.personal_tokens ENABLE ROW LEVEL SECURITY;

CREATE POLICY rows_of_user ON public.audit_entries USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.bookmark_categories USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.bookmark_memberships USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.bookmarks USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.cluster_members USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.clusters USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.content_ratings USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.dropped_tags USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.events USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.idempotency_keys USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.interaction_counts USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.interactions USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.jobs USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.joined_saves USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.libraries USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.library_counts USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.library_maps USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.password_resets USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.personal_tokens USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.save_tags USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.saved_contents USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.saved_embeddings USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.sessions USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.tag_cardinality_stats USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.tag_favorites USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.tag_ratings USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.trash USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.user_content_saves USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.users USING (((CURRENT_USER <> 'trove_rows'::name) OR (id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.webhook_deliveries USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.webhooks USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.work_tags USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

CREATE POLICY rows_of_user ON public.works USING (((CURRENT_USER <> 'trove_rows'::name) OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)));

ALTER TABLE public.save_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.saved_contents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.saved_embeddings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tag_cardinality_stats ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tag_favorites ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tag_ratings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trash ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_content_saves ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhooks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.work_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.works ENABLE ROW LEVEL SECURITY;
