// Keeps what lets tables lie on several machines (docs/decisions/0021-one-postgres.md). Each rule is tried on tables that
// break it, in transactions that are rolled back.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/ground/database/connection.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'

interface Rule {
  /** What is wrong, a line each. */
  problems(sql: Sql): Promise<string[]>
  breaks: string[]
}

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const lines = async (rows: PromiseLike<readonly { problem: string }[]>) =>
  (await rows).map(({ problem }) => problem)

/** The tables of Trove that have a user's rows; `t` is what they are called. */
const ofUsers = (sql: Sql) => sql`
  t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
    and exists (select from pg_attribute u where u.attrelid = t.oid and u.attname = 'user_id' and not u.attisdropped)`

const rules: Record<string, Rule> = {
  'every key of a user’s table begins with user_id': {
    problems: sql =>
      lines(sql`
        select i.indexrelid::regclass::text as problem
        from pg_index i
        join pg_class t on t.oid = i.indrelid
        left join pg_attribute first on first.attrelid = t.oid and first.attnum = i.indkey[0]
        where ${ofUsers(sql)} and (i.indisunique or i.indisexclusion) and first.attname is distinct from 'user_id'`),
    breaks: [
      'create table broken (user_id uuid not null, id uuid, constraint broken_pkey primary key (id))',
      'create table broken (user_id uuid not null, id uuid, constraint broken_ids unique (id, user_id))',
      'create unique index broken on events (lower(type), user_id)',
    ],
  },
  'every user’s table has a primary key': {
    problems: sql =>
      lines(sql`
        select t.relname as problem
        from pg_class t
        where ${ofUsers(sql)} and not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`),
    breaks: ['create table broken (user_id uuid not null)'],
  },
  'user_id is a uuid, and always there': {
    problems: sql =>
      lines(sql`
        select t.relname as problem
        from pg_class t
        join pg_attribute a on a.attrelid = t.oid and a.attname = 'user_id'
        where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace
          and (a.atttypid <> 'uuid'::regtype or not a.attnotnull)`),
    breaks: [
      'create table broken (user_id text not null)',
      'create table broken (user_id bigint primary key)',
      'create table broken (user_id uuid)',
    ],
  },
  'a user’s rows refer to their user and to rows of that user, and go with them': {
    problems: sql =>
      lines(sql`
        select c.conname as problem
        from pg_constraint c
        join pg_class t on t.oid = c.conrelid
        join pg_attribute own on own.attrelid = c.conrelid and own.attnum = c.conkey[1]
        join pg_attribute other on other.attrelid = c.confrelid and other.attnum = c.confkey[1]
        where c.contype = 'f' and ${ofUsers(sql)} and not (
          own.attname = 'user_id' and c.confdeltype = 'c' and c.confupdtype = 'a'
          and (other.attname = 'user_id' or (c.confrelid = 'users'::regclass and cardinality(c.conkey) = 1))
        )`),
    breaks: [
      'alter table jobs add constraint jobs_content foreign key (content_id) references shared_contents (id)',
      'alter table jobs add constraint jobs_user foreign key (user_id) references users (id)',
      `alter table jobs add constraint jobs_save foreign key (user_id, save_id)
        references user_content_saves (user_id, id) on delete set null (save_id)`,
    ],
  },
  'nothing else refers to users and their rows': {
    problems: sql =>
      lines(sql`
        select c.conname as problem
        from pg_constraint c
        join pg_class t on t.oid = c.confrelid
        where c.contype = 'f' and (${ofUsers(sql)} or t.relname = 'users')
          and not exists (
            select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'user_id' and not a.attisdropped
          )`),
    breaks: [
      'create table broken (id uuid, by uuid, constraint broken_by foreign key (by) references users (id) on delete cascade)',
    ],
  },
  'a constraint is named after its table, and not numbered as a shard’s is': {
    problems: sql =>
      lines(sql`
        select c.conname as problem
        from pg_constraint c
        join pg_class t on t.oid = c.conrelid
        where t.relnamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f', 'c', 'x')
          and (not starts_with(c.conname, t.relname || '_') or c.conname ~ '(_check|\\d)$')`),
    breaks: [
      'alter table jobs add constraint type_is_known check (length(type) > 0)',
      'alter table jobs add constraint jobs_limit_1 check (length(type) > 0)',
      'alter table jobs add check (length(type) > 0)',
    ],
  },
  'there are no triggers': {
    problems: sql =>
      lines(sql`
        select tgname as problem
        from pg_trigger
        join pg_class t on t.oid = tgrelid
        where not tgisinternal and t.relnamespace = 'public'::regnamespace`),
    breaks: [
      `create function broken() returns trigger language plpgsql as 'begin return null; end';
        create trigger broken after insert on events for each row execute function broken()`,
    ],
  },
  'no counter is shared by users': {
    problems: sql =>
      lines(sql`
        select t.relname as problem
        from pg_class t
        where t.relnamespace = 'public'::regnamespace and t.relkind = 'S'`),
    breaks: [
      'create table broken (id bigserial)',
      'create table broken (id bigint generated always as identity)',
    ],
  },
}

for (const [name, { problems, breaks }] of Object.entries(rules)) {
  describe(name, () => {
    test('in this schema', async () => expect(await problems(database.sql)).toEqual([]))
    test.each(breaks)('is broken by %s', async ddl => {
      const found = await database.sql
        .begin(async tx => {
          await tx.unsafe(ddl)
          throw new RolledBack(await problems(tx))
        })
        .catch(error => (error instanceof RolledBack ? error.problems : Promise.reject(error)))
      expect(found).toHaveLength(1)
    })
  })
}

class RolledBack {
  readonly problems: string[]
  constructor(problems: string[]) {
    this.problems = problems
  }
}
