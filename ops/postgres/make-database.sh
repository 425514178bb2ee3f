# The database's image runs this once, when its volume is empty. Trove's role owns its database and can do nothing else:
# it is no superuser, and makes no roles and no databases. The superuser has no password from then on, so that it comes
# from inside the container alone: docker compose exec database psql
psql --no-psqlrc --set=ON_ERROR_STOP=1 --quiet --username=postgres --dbname=postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
create role trove login nosuperuser nocreatedb nocreaterole password :'password';
-- As which requests write: Trove takes this role for a user's transactions, and sees no other user's rows in it.
create role trove_rows nologin;
grant trove_rows to trove;
create database trove owner trove;
revoke connect, temporary on database trove from public;
\connect trove
create extension vector;
create extension pg_trgm;
alter role postgres password null;
SQL
