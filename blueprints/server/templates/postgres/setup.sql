-- Brings roles, databases and passwords to what the settings and the secrets say. Run at every start; changes nothing
-- that is already right. Passwords are read from files by psql itself and appear in no command line and no log.
\set ON_ERROR_STOP on
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET password_encryption = 'scram-sha-256';

\set password `cat /run/secrets/postgres_password`
ALTER ROLE postgres PASSWORD :'password';
@{databases}
