"""Everything that somebody can fill in is told to them, and gone once they are erased."""

from tests.respect.filling import fill
from tests.respect.planting import planting
from tests.respect.searching import in_database, in_valkey
from tests.respect.planting import WHO, NUMBER, CHAT


async def test_all_of_it_is_found(closed_database, redis_url):
    async with planting(closed_database, redis_url) as told:
        await fill(told)
        found = in_database(closed_database.owner_url, 'zqm', str(NUMBER), CHAT)
        v = await in_valkey(told.engine.valkey, 'zqm', str(NUMBER), CHAT)
        print({k: len(r) for k, r in found.items()})
        print(list(v))
        import json
        with await told.engine.export('acme', WHO) as f: ex = f.read().decode()
        print('NOT EXPORTED', {m: p for m, p in told.planted.items() if m not in ex})
        print('NOT STORED', {m: p for m, p in told.planted.items() if not any(m in r for rs in found.values() for r in rs)})
        await told.put('DELETE /api/v1/people/{id}', id=WHO)
        print(in_database(closed_database.owner_url, 'zqm', str(NUMBER), CHAT))
        print(await in_valkey(told.engine.valkey, 'zqm', str(NUMBER), CHAT))
