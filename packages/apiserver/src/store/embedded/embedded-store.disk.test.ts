import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { storeConformance } from "../store.conformance.ts";
import { DirectoryInUse } from "./directory-lock.ts";
import { openEmbeddedStore } from "./embedded-store.ts";

const directories: string[] = [];
const newDirectory = () => {
	const directory = mkdtempSync(join(tmpdir(), "berth-store-"));
	directories.push(directory);
	return directory;
};
test.after.always(() => {
	for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

storeConformance(test, "embedded", () => openEmbeddedStore({ directory: newDirectory() }));

test("embedded: values, revision, history and compaction survive a reopen", async (t) => {
	const directory = newDirectory();
	const value = new TextEncoder().encode("v");
	const first = await openEmbeddedStore({ directory });
	await first.write({ key: "/a", value, expect: 0 });
	await first.write({ key: "/b", value, expect: 0 });
	await first.write({ key: "/a", value: undefined, expect: 2 });
	await first.compact(2);
	await first.close();

	const second = await openEmbeddedStore({ directory });
	t.is(await second.revision(), 4);
	t.is(await second.get("/a"), undefined);
	t.is((await second.get("/b"))?.revision, 3);
	const stop = new AbortController();
	for await (const batch of second.watch({ prefix: "/", after: 2, signal: stop.signal })) {
		t.deepEqual(
			batch.map((event) => [event.type, event.key, event.revision]),
			[
				["put", "/b", 3],
				["delete", "/a", 4],
			],
		);
		break;
	}
	t.deepEqual(await second.write({ key: "/c", value, expect: 0 }), { ok: true, revision: 5 });
	await second.close();
});

test("embedded: a directory belongs to one server at a time", async (t) => {
	const directory = newDirectory();
	const store = await openEmbeddedStore({ directory });
	await t.throwsAsync(openEmbeddedStore({ directory }), { instanceOf: DirectoryInUse });
	await store.close();
	await (await openEmbeddedStore({ directory })).close();
});
