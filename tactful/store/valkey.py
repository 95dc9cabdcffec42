"""Valkey, or Redis: opened here and nowhere else."""

from typing import Any

import redis
import redis.asyncio

from tactful.kernel.errors import NotReady
from tactful.store.database import words

# How long the doctor waits for an answer; seconds.
PATIENCE = 5


def client(url: str) -> redis.asyncio.Redis:
    """Connections to the server at `url`, opened when first used; close them with `aclose`."""
    return redis.asyncio.Redis.from_url(url)


def about(url: str) -> str:
    """The server's name and version. raises: NotReady saying why it does not answer."""
    try:
        with redis.Redis.from_url(url, socket_timeout=PATIENCE) as connection:
            info: Any = connection.info("server")
    except redis.RedisError as error:
        raise NotReady(words(error)) from error
    return f"{info.get('server_name', 'redis')} {info.get('valkey_version', info.get('redis_version'))}"
