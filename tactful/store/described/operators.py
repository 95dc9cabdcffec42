"""Operators, their sessions in the console, links that let somebody in once, and tries to sign in; as service_role.

Secrets come here as their hashes only.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.kernel.errors import Conflict
from tactful.store.database import AsyncConnection

OPERATOR = "o.id, o.email, o.name, o.role, o.created_at, o.disabled_at, g.name AS organisation"
JOINED = "operators o JOIN organisations g ON g.id = o.organisation_id"


async def of(connection: AsyncConnection, organisation: str) -> list[dict[str, Any]]:
    """Every operator of the organisation, oldest first, with `last_seen_at`, the last time in the console."""
    found = await connection.execute(
        f"""SELECT {OPERATOR}, (SELECT max(seen_at) FROM operator_sessions s WHERE s.operator_id = o.id) AS last_seen_at
              FROM {JOINED} WHERE g.name = %s ORDER BY o.id""",
        (organisation,),
    )
    return await found.fetchall()


async def any_of(connection: AsyncConnection, organisation: str) -> bool:
    """Whether the organisation has an operator who may sign in."""
    found = await connection.execute(
        f"SELECT 1 AS one FROM {JOINED} WHERE g.name = %s AND o.disabled_at IS NULL LIMIT 1", (organisation,)
    )
    return await found.fetchone() is not None


async def by_email(connection: AsyncConnection, email: str) -> dict[str, Any] | None:
    """The operator of that name, with `password_hash` and `subject`."""
    found = await connection.execute(
        f"SELECT {OPERATOR}, o.password_hash, o.subject FROM {JOINED} WHERE o.email = %s", (email,)
    )
    return await found.fetchone()


async def by_id(connection: AsyncConnection, operator_id: int) -> dict[str, Any] | None:
    """The operator of that id, with `password_hash` and `subject`, kept as they are until the transaction ends."""
    found = await connection.execute(
        f"SELECT {OPERATOR}, o.password_hash, o.subject FROM {JOINED} WHERE o.id = %s FOR UPDATE OF o", (operator_id,)
    )
    return await found.fetchone()


async def by_subject(connection: AsyncConnection, subject: str) -> dict[str, Any] | None:
    """The operator whom another issuer calls so."""
    found = await connection.execute(f"SELECT {OPERATOR} FROM {JOINED} WHERE o.subject = %s", (subject,))
    return await found.fetchone()


async def add(
    connection: AsyncConnection,
    organisation: str,
    *,
    email: str,
    name: str,
    role: str,
    password_hash: str | None = None,
    subject: str | None = None,
    at: datetime,
) -> dict[str, Any]:
    """A new operator. raises: Conflict where the e-mail address belongs to one already."""
    made = await connection.execute(
        """INSERT INTO operators (organisation_id, email, name, role, password_hash, subject, created_at)
           SELECT id, %(email)s, %(name)s, %(role)s, %(hash)s, %(subject)s, %(at)s
             FROM organisations WHERE name = %(organisation)s
           ON CONFLICT DO NOTHING RETURNING id""",
        {"organisation": organisation, "email": email, "name": name, "role": role}
        | {"hash": password_hash, "subject": subject, "at": at},
    )
    row = await made.fetchone()
    found = await by_id(connection, row["id"]) if row else None
    if found is None:
        raise Conflict("That e-mail address belongs to an operator already.", fields=["email"])
    return found


async def change(connection: AsyncConnection, operator_id: int, **values: Any) -> None:
    """Change columns of an operator: role, name, password_hash, subject or disabled_at."""
    settings = ", ".join(f"{column} = %({column})s" for column in sorted(values))
    await connection.execute(
        f"UPDATE operators SET {settings} WHERE id = %(id)s".encode(), values | {"id": operator_id}
    )


async def lock_admins(connection: AsyncConnection, organisation: str) -> list[int]:
    """The admins of the organisation who may sign in, kept as they are until the transaction ends."""
    found = await connection.execute(
        f"""SELECT o.id FROM {JOINED} WHERE g.name = %s AND o.role = 'admin' AND o.disabled_at IS NULL
             ORDER BY o.id FOR UPDATE OF o""",
        (organisation,),
    )
    return [row["id"] for row in await found.fetchall()]


async def begin(connection: AsyncConnection, operator_id: int, hash: str, *, at: datetime, until: datetime) -> None:
    """A session, signed in at `at`."""
    await connection.execute(
        """INSERT INTO operator_sessions (hash, operator_id, began_at, seen_at, expires_at)
           VALUES (%(hash)s, %(operator)s, %(at)s, %(at)s, %(until)s)""",
        {"hash": hash, "operator": operator_id, "at": at, "until": until},
    )


async def session(connection: AsyncConnection, hash: str, *, at: datetime, idle: timedelta) -> dict[str, Any] | None:
    """Who is signed in with it at `at`, with `expires_at`, `began_at` and `seen_at`; None once it is over."""
    found = await connection.execute(
        f"""SELECT {OPERATOR}, s.began_at, s.seen_at, s.expires_at
              FROM operator_sessions s JOIN {JOINED} ON o.id = s.operator_id
             WHERE s.hash = %(hash)s AND s.expires_at > %(at)s AND s.seen_at > %(since)s AND o.disabled_at IS NULL""",
        {"hash": hash, "at": at, "since": at - idle},
    )
    return await found.fetchone()


async def standing(
    connection: AsyncConnection, hashes: Sequence[str], *, at: datetime, idle: timedelta
) -> list[dict[str, Any]]:
    """Which of these sessions are not over at `at`: hash, seen_at and the role of its operator."""
    found = await connection.execute(
        f"""SELECT s.hash, s.seen_at, o.role FROM operator_sessions s JOIN {JOINED} ON o.id = s.operator_id
             WHERE s.hash = ANY(%(hashes)s) AND s.expires_at > %(at)s AND s.seen_at > %(since)s
               AND o.disabled_at IS NULL""",
        {"hashes": list(hashes), "at": at, "since": at - idle},
    )
    return await found.fetchall()


async def touch(connection: AsyncConnection, hashes: Sequence[str], *, at: datetime) -> None:
    """Those with these sessions are still here."""
    if hashes:
        await connection.execute(
            """UPDATE operator_sessions s SET seen_at = greatest(s.seen_at, %(at)s)
                 FROM (SELECT hash FROM operator_sessions WHERE hash = ANY(%(hashes)s) ORDER BY hash FOR UPDATE) t
                WHERE t.hash = s.hash""",
            {"at": at, "hashes": list(hashes)},
        )


async def end(connection: AsyncConnection, hash: str) -> None:
    """End a session."""
    await connection.execute("DELETE FROM operator_sessions WHERE hash = %s", (hash,))


async def end_all(connection: AsyncConnection, operator_id: int, *, but: str = "") -> None:
    """End every session of an operator, but perhaps one."""
    await connection.execute("DELETE FROM operator_sessions WHERE operator_id = %s AND hash <> %s", (operator_id, but))


async def offer(
    connection: AsyncConnection,
    organisation: str,
    hash: str,
    *,
    role: str,
    at: datetime,
    until: datetime,
    email: str | None = None,
    operator_id: int | None = None,
) -> None:
    """A link that lets somebody in once. operator_id: whose new password it is for, instead of somebody new."""
    await connection.execute(
        """INSERT INTO operator_links (hash, organisation_id, operator_id, email, role, made_at, expires_at)
           SELECT %(hash)s, id, %(operator)s, %(email)s, %(role)s, %(at)s, %(until)s
             FROM organisations WHERE name = %(organisation)s""",
        {"hash": hash, "organisation": organisation, "operator": operator_id}
        | {"email": email, "role": role, "at": at, "until": until},
    )


async def offered(connection: AsyncConnection, hash: str, *, at: datetime, take: bool) -> dict[str, Any] | None:
    """What a link is for: organisation, role, email, operator_id; None where it was taken, is over or never was.

    take: use it up.
    """
    which = "l.hash = %(hash)s AND l.expires_at > %(at)s AND g.id = l.organisation_id"
    what = "g.name AS organisation, l.role, l.email, l.operator_id"
    statement = (
        f"DELETE FROM operator_links l USING organisations g WHERE {which} RETURNING {what}"
        if take
        else f"SELECT {what} FROM operator_links l, organisations g WHERE {which}"
    )
    found = await connection.execute(statement.encode(), {"hash": hash, "at": at})
    return await found.fetchone()


async def invited(connection: AsyncConnection, email: str, *, at: datetime) -> dict[str, Any] | None:
    """Use up the newest invitation of this address: organisation and role; None where there is none."""
    found = await connection.execute(
        """DELETE FROM operator_links l USING organisations g
            WHERE g.id = l.organisation_id AND l.hash = (
                  SELECT hash FROM operator_links WHERE email = %s AND operator_id IS NULL AND expires_at > %s
                   ORDER BY made_at DESC LIMIT 1)
           RETURNING g.name AS organisation, l.role""",
        (email, at),
    )
    return await found.fetchone()


async def withdraw_first(connection: AsyncConnection, organisation: str) -> None:
    """Links for an organisation's first operator are good for nothing any more."""
    await connection.execute(
        """DELETE FROM operator_links l USING organisations g
            WHERE g.id = l.organisation_id AND g.name = %s AND l.operator_id IS NULL AND l.email IS NULL""",
        (organisation,),
    )


async def tried(connection: AsyncConnection, whom: list[str], *, at: datetime) -> None:
    """Somebody tries to sign in, as each of `whom` says."""
    await connection.execute("INSERT INTO sign_in_tries (who, at) SELECT unnest(%s::text[]), %s", (whom, at))


async def tries(connection: AsyncConnection, whom: list[str], *, since: datetime) -> dict[str, tuple[int, datetime]]:
    """How many tries there were of each of `whom` since then, and the oldest of them.

    Whoever asks for one of them at the same time waits until this transaction ends.
    """
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(who, 0)) FROM unnest(%s::text[]) who", (sorted(whom),)
    )
    found = await connection.execute(
        """SELECT who, count(*) AS many, min(at) AS first FROM sign_in_tries
            WHERE who = ANY(%s) AND at > %s GROUP BY who""",
        (whom, since),
    )
    return {row["who"]: (row["many"], row["first"]) for row in await found.fetchall()}


async def forgive(connection: AsyncConnection, name: str, address: str | None = None) -> None:
    """They got it right: tries of that name do not count any more, nor does the last one from that address."""
    await connection.execute("DELETE FROM sign_in_tries WHERE who = %s", (name,))
    if address is not None:
        await connection.execute(
            "DELETE FROM sign_in_tries WHERE id = (SELECT max(id) FROM sign_in_tries WHERE who = %s)", (address,)
        )
