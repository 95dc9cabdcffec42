"""The servers that the whole suite uses."""

import psycopg
import redis


def test_the_suite_has_a_database(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.info.server_version >= 150000


def test_the_suite_has_a_valkey(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
