"""The only package that speaks PostgreSQL and Valkey: tables, migrations, roles, one module per record."""
