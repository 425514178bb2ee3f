# The peer on Python: FastAPI and asyncpg, without authentication, limits, validation, log or metrics.
# PLAN names the file of the plan, DATABASE_URL the database. uvicorn runs it, with uvloop and httptools.
import asyncio
import base64
import hashlib
import json
import os
import uuid
from urllib.parse import parse_qs, urlsplit

import asyncpg
from fastapi import FastAPI, Request, Response

with open(os.environ["PLAN"]) as file:
    PLAN = json.load(file)
ASKED = PLAN["statements"]
LIMIT = 20
SAVE = ("id", "user_id", "shared_content_id", "raw_share_text", "is_favorited", "is_archived")
CONTENT = (
    "id", "url", "source_platform", "status", "title", "caption", "author", "thumbnail_url", "thumbnail_path",
    "duration_seconds", "category_high", "topic_main", "subcategories", "locations", "intent", "save_count",
)
DETAIL = (
    "description", "content_text", "tags", "entities", "language", "visual_description", "visual_tags",
    "metadata_source", "metadata_quality", "analysis_source", "error_message", "version",
)
# Names are put together once.
SAVE_COLUMNS = [(name, f"save.{name}") for name in SAVE]
CONTENT_COLUMNS = [(name, f"content.{name}") for name in CONTENT]
DETAIL_COLUMNS = [(name, f"content.{name}") for name in DETAIL]

app = FastAPI()
pool = None
tasks = set()


async def prepare(connection):
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


@app.on_event("startup")
async def start():
    global pool
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=20, max_size=20, init=prepare)


def time(value):
    return value and value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def save_of(row):
    save = {name: row[column] for name, column in SAVE_COLUMNS}
    save["created_at"] = time(row["save.created_at"])
    return save


def content_of(row):
    content = {name: row[column] for name, column in CONTENT_COLUMNS}
    content["created_at"] = time(row["content.created_at"])
    return content


def item_of(row):
    return {"save": save_of(row), "content": content_of(row)}


async def fetch(statement):
    return await pool.fetch(statement["text"], *statement["parameters"])


async def first(statement):
    return await pool.fetchrow(statement["text"], *statement["parameters"])


async def page():
    rows, count = await asyncio.gather(fetch(ASKED["page"]), first(ASKED["count"]))
    next_cursor = None
    if len(rows) > LIMIT:
        last = rows[LIMIT - 1]
        place = [time(last["page.key"]), str(last["page.id"]), PLAN["fingerprint"]]
        text = json.dumps(place, separators=(",", ":"))
        next_cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    items = [item_of(row) for row in rows[:LIMIT]]
    paging = {"limit": LIMIT, "offset": 0, "has_more": next_cursor is not None, "next_cursor": next_cursor}
    return {"items": items, "total": count["total"], **paging}


@app.get("/v1/auth/me")
async def me():
    user = await first(ASKED["user"])
    return {"id": user["id"], "email": user["email"], "created_at": time(user["created_at"])}


@app.get("/v1/items")
async def items(request: Request):
    tag = request.headers.get("if-none-match")
    if tag is not None:
        user = await first(ASKED["user"])
        if tag == f'{PLAN["etag"]}{user["library_version"]}"':
            return Response(status_code=304)
    return await page()


@app.get("/direct/v1/items")
async def items_directly():
    """Without what FastAPI does to an answer by itself."""
    return Response(json.dumps(await page(), default=str), media_type="application/json")


@app.get("/v1/items/grouped")
async def grouped():
    groups = {}
    total_items = 0
    for row in await fetch(ASKED["grouped"]):
        group = groups.get(row["category"])
        if group is None:
            group = groups[row["category"]] = {"category": row["category"], "count": row["count"], "items": []}
            total_items += row["count"]
        group["items"].append(item_of(row))
    return {"groups": groups, "total_items": total_items}


@app.get("/v1/items/{save_id}")
async def detail(save_id: str):
    user = ASKED["detail"]["parameters"][0]
    row = await pool.fetchrow(ASKED["detail"]["text"], user, save_id)
    # A task that nobody holds may be collected before it ends.
    task = asyncio.create_task(pool.execute(ASKED["viewed"]["text"], user, save_id))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    cluster = await pool.fetchrow(ASKED["clusterOf"]["text"], user, save_id)
    content = content_of(row)
    content.update((name, row[column]) for name, column in DETAIL_COLUMNS)
    content["published_at"] = time(row["content.published_at"])
    content["updated_at"] = time(row["content.updated_at"])
    save = save_of(row)
    save["last_viewed_at"] = time(row["save.last_viewed_at"])
    save["updated_at"] = time(row["save.updated_at"])
    return {"save": save, "content": content, "cluster": cluster and dict(cluster), "similar_items": None}


@app.get("/v1/clusters")
async def clusters():
    rows, count = await asyncio.gather(fetch(ASKED["clusters"]), first(ASKED["clusterCount"]))
    answer = []
    for row in rows:
        cluster = dict(row)
        del cluster["place"]
        cluster["created_at"] = time(cluster["created_at"])
        cluster["updated_at"] = time(cluster["updated_at"])
        answer.append(cluster)
    paging = {"limit": 100, "offset": 0, "has_more": False, "next_cursor": None}
    return {"clusters": answer, "total": count["total"], **paging}


@app.post("/v1/items", status_code=201)
async def save(request: Request):
    url = (await request.json())["url"]
    of = PLAN["save"]
    text = of["parameters"].replace(of["video"], parse_qs(urlsplit(url).query)["v"][0])
    text = text.replace(of["hash"], hashlib.sha256(url.encode()).hexdigest())
    for known in of["ids"]:
        text = text.replace(known, str(uuid.uuid4()))
    asked = list(zip(of["texts"], json.loads(text)))
    answers = []
    async with pool.acquire() as connection, connection.transaction():
        for statement, parameters in asked:
            answers.append(await connection.fetch(statement, *parameters))
    message = "Content saved successfully. Processing has been queued."
    return {**item_of(answers[of["item"]][0]), "message": message, "job_id": answers[of["content"]][0]["attempt"]}
