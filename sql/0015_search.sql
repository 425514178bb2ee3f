-- Words are where people see words, in any script and with or without accents. Texts and queries go through the same
-- functions; docs/decisions/0020-search.md tells why. words_of keeps the search_path of now, for itself and those it
-- calls, since a restore has none. Mostly of plpgsql: each is called some times a row, and what SQL does not inline costs
-- ten times as much to call.

create function folded(written text) returns text
language plpgsql immutable strict parallel safe
as $$
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
comment on function folded(text) is 'A text without case, accents and compatible forms: what looks like the same word is the same.';

create function is_unspaced(written text) returns boolean
language sql immutable parallel safe
return written ~ '[\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]';
comment on function is_unspaced(text) is
  'Whether a text holds letters of scripts whose words no space tells apart, or whose words take endings without one (Hangul).';

create function split_letters(written text) returns text
language sql immutable strict parallel safe
return (
  select string_agg(
    case
      when is_unspaced(letter)
        then ' ' || letter || case when is_unspaced(next_letter) then next_letter else '' end || ' '
      -- No parser takes a picture for a word.
      when letter ~ '[\u2600-\u27bf\U0001f000-\U0001faff]' then ' u' || to_hex(ascii(letter)) || ' '
      else letter
    end, '' order by place)
  from (
    select letter, place, lead(letter) over (order by place) as next_letter
    from string_to_table(written, null) with ordinality as letters(letter, place)
  ) pairs);
comment on function split_letters(text) is 'Each letter of an unspaced script with the one after it, and each emoji, as a word.';

create function split_words(written text) returns text
language plpgsql immutable strict parallel safe
as $$
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
comment on function split_words(text) is 'A folded text with nothing but spaces between its words.';

create function compound_parts(written text) returns text
language plpgsql immutable strict parallel safe
as $$
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
comment on function compound_parts(text) is 'The parts of camelCase, and of numbers with their units; null where there are none.';

create function search_config(language text) returns regconfig
language sql immutable parallel safe
return case left(lower(language), 2)
  when 'ar' then 'arabic'::regconfig
  when 'ca' then 'catalan'::regconfig
  when 'da' then 'danish'::regconfig
  when 'de' then 'german'::regconfig
  when 'el' then 'greek'::regconfig
  when 'es' then 'spanish'::regconfig
  when 'eu' then 'basque'::regconfig
  when 'fi' then 'finnish'::regconfig
  when 'fr' then 'french'::regconfig
  when 'ga' then 'irish'::regconfig
  when 'hi' then 'hindi'::regconfig
  when 'hu' then 'hungarian'::regconfig
  when 'hy' then 'armenian'::regconfig
  when 'id' then 'indonesian'::regconfig
  when 'it' then 'italian'::regconfig
  when 'lt' then 'lithuanian'::regconfig
  when 'nb' then 'norwegian'::regconfig
  when 'ne' then 'nepali'::regconfig
  when 'nl' then 'dutch'::regconfig
  when 'nn' then 'norwegian'::regconfig
  when 'no' then 'norwegian'::regconfig
  when 'pt' then 'portuguese'::regconfig
  when 'ro' then 'romanian'::regconfig
  when 'ru' then 'russian'::regconfig
  when 'sr' then 'serbian'::regconfig
  when 'sv' then 'swedish'::regconfig
  when 'ta' then 'tamil'::regconfig
  when 'tr' then 'turkish'::regconfig
  when 'yi' then 'yiddish'::regconfig
  else 'english'::regconfig
end;
comment on function search_config(text) is 'Whose stems a text of this language (ISO 639-1) has; English ones where Postgres has no others.';

create function words_of(written text, language text) returns tsvector
language plpgsql immutable parallel safe
set search_path from current
as $$
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
comment on function words_of(text, text) is 'The words of a text as they are written, the parts of compounds, and the stems of its language.';

alter table shared_contents
  drop column words,
  add column text_language text;
comment on column shared_contents.text_language is
  'What language the text is in (ISO 639-1), as its words tell; null when they do not. `language` is what the platform says.';
alter table shared_contents
  add column words tsvector generated always as (
    setweight(words_of(title, coalesce(text_language, language)), 'A')
    || setweight(words_of(topic_main, coalesce(text_language, language)), 'A')
    || setweight(words_of(tags::text, coalesce(text_language, language)), 'B')
    || setweight(words_of(left(caption, 20000), coalesce(text_language, language)), 'C')
    || setweight(words_of(left(content_text, 20000), coalesce(text_language, language)), 'D')) stored;
create index shared_contents_words on shared_contents using gin (words);

alter table user_content_saves
  drop column note_words,
  drop column search_text;
alter table user_content_saves
  add column note_words tsvector generated always as
    (case when raw_share_text is not null then words_of(raw_share_text, null) end) stored,
  add column search_text text generated always as
    (folded(coalesce(title, '') || E'\n' || coalesce(topic, '') || E'\n' || coalesce(raw_share_text, ''))) stored;
comment on column user_content_saves.search_text is 'What `search` looks through, folded. Holds the note, so it is as private.';
create index user_content_saves_note_words on user_content_saves using gin (note_words);
create index user_content_saves_substrings on user_content_saves using gin (search_text gin_trgm_ops)
  with (gin_pending_list_limit = 256);

-- The local model has no pieces for most scripts, and gave all such texts nearly one vector, near everything. It gives
-- them none any more (src/models/known-pieces.ts); those of before go. They are told here by their letters.
delete from content_embeddings e
using (
  select c.id, length(regexp_replace(said, '[^A-Za-z]', '', 'g')) as latin,
    length(regexp_replace(said, '[\u0001-\u036f\u2000-\u2bff\u3000-\u3004\u3008-\u3020\ufe00-\ufe0f\U0001f000-\U0001faff]', '', 'g')) as other
  from shared_contents c
  cross join lateral concat_ws(' ', c.title, left(c.caption, 300), c.tags::text, left(c.description, 300)) said
  where octet_length(said) > length(said)
) letters
where e.content_id = letters.id and e.model = 'local:use-lite-en:512' and letters.latin < 0.35 * (letters.latin + letters.other);
comment on column shared_contents.analysis_source is
  'local or openai; local:no-vector where the local model knows too little of the text to say what it is like.';
