"""The only package that speaks PostgreSQL and Valkey.

Rooms: `sensed` (events and the state that features read), `described` (people, content, organisations),
`decided` (what a turn reads and writes), `running` (queue, clearing up, figures). Beside them: connections
(`database`), ways to read and write (`reading`, `copying`, `steps`), `tables`, `migrations`, `security`.
"""
