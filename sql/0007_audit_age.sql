-- The audit log is kept for a year; what is older is found by its age.
create index audit_entries_by_age on audit_entries (created_at);
