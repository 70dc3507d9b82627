
SELECT 'CREATE ROLE "@{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '@{name}') \gexec
\set password `cat /run/secrets/@{secret}`
ALTER ROLE "@{name}" PASSWORD :'password';
SELECT 'CREATE DATABASE "@{name}" OWNER "@{name}" TEMPLATE template0 ENCODING ''UTF8'''
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = '@{name}') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE "@{name}" FROM PUBLIC;
