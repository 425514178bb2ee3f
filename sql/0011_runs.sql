-- How far the current run of a content is, apart from the content's own status: what is READY stays so while it is read
-- anew, and when that fails. And what a request said of itself stays with the user who made it.

alter table shared_contents
  add column run_stage text,
  add column reread_at timestamptz(3),
  add constraint shared_contents_run_stage_is_known
    check (run_stage in ('queued', 'understanding', 'embedding', 'done', 'failed')) not valid;
comment on column shared_contents.run_stage is
  'How far the run that `attempt` names is; null: as far as the status says, as for what was read before the column was there.';
comment on column shared_contents.reread_at is 'When somebody last had it read anew.';

alter table jobs add column request_id text;
comment on column jobs.request_id is 'The X-Request-ID of the user''s own request; null when somebody else''s caused the job.';
