-- Which jobs users see and which events they are told is declared where those are defined (src/ground/queue/job.ts,
-- src/ground/domain-events.ts), and checked when somebody asks for one of them.
alter table jobs drop constraint jobs_type_is_known;
alter table events drop constraint events_type_is_known;
