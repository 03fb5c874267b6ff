import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pod, ServiceAccount } from "@berth/api";
import type { Client } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { hasFiles, writeAtomically } from "./atomic-writer.ts";
import { hostPath } from "./host-path.ts";
import { type Payload, selectKeys } from "./payload.ts";
import { createTokens } from "./tokens.ts";

const payloadOf = (files: Readonly<Record<string, string>>, mode = 0o644): Payload =>
	new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode }]));

const inDirectory = (title: string, body: (t: ExecutionContext, directory: string) => Promise<void>) =>
	test(title, async (t) => {
		const directory = await mkdtemp(join(tmpdir(), "berth-volume-"));
		try {
			await body(t, directory);
		} finally {
			await rm(directory, { recursive: true });
		}
	});

inDirectory("files, in directories too, with their modes", async (t, directory) => {
	t.false(await hasFiles(directory));
	await writeAtomically(directory, payloadOf({ a: "one", "sub/b": "two" }, 0o400));
	t.true(await hasFiles(directory));
	t.is(await readFile(join(directory, "sub/b"), "utf8"), "two");
	t.is((await stat(join(directory, "a"))).mode & 0o777, 0o400);
	t.is(await readlink(join(directory, "a")), "..data/a");
});

inDirectory("a change replaces all at once, and leaves nothing of the old", async (t, directory) => {
	await writeAtomically(directory, payloadOf({ a: "one", gone: "x" }));
	const before = await readlink(join(directory, "..data"));
	await writeAtomically(directory, payloadOf({ a: "one", gone: "x" }));
	t.is(await readlink(join(directory, "..data")), before, "the same files are left alone");
	await writeAtomically(directory, payloadOf({ a: "two", new: "y" }));
	const version = await readlink(join(directory, "..data"));
	t.not(version, before);
	t.deepEqual((await readdir(directory)).sort(), ["..data", version, "a", "new"].sort());
	t.is(await readFile(join(directory, "a"), "utf8"), "two");
});

inDirectory("what a crash left half way is mended", async (t, directory) => {
	await writeAtomically(directory, payloadOf({ a: "one" }));
	await symlink("nowhere", join(directory, "..data.new"));
	await writeFile(join(directory, "stray"), "");
	await writeAtomically(directory, payloadOf({ a: "two" }));
	t.is(await readFile(join(directory, "a"), "utf8"), "two");
	t.false((await readdir(directory)).some((name) => name === "stray" || name === "..data.new"));
});

inDirectory("no name leads out of the volume", async (t, directory) => {
	for (const path of ["../x", "/etc/passwd", "a/../../x", "..", "", ".", "..data"]) {
		await t.throwsAsync(
			writeAtomically(directory, payloadOf({ [path]: "x" })),
			{ message: /leads out/ },
			path,
		);
	}
	t.deepEqual(await readdir(directory), []);
});

test("keys of an object", (t) => {
	const data = new Map([
		["a", Buffer.from("1")],
		["b", Buffer.from("2")],
	]);
	t.deepEqual([...selectKeys(data, { of: "config", mode: 0o644, optional: false }).keys()], ["a", "b"]);
	const items = [
		{ key: "a", path: "x/y", mode: 0o600 },
		{ key: "none", path: "z" },
	];
	t.deepEqual(
		[...selectKeys(data, { of: "config", items, mode: 0o644, optional: true })],
		[["x/y", { data: data.get("a"), mode: 0o600 }]],
	);
	t.throws(() => selectKeys(data, { of: "config", items, mode: 0o644, optional: false }), {
		message: "references non-existent config key: none",
	});
});

inDirectory("paths of the host, checked by type", async (t, directory) => {
	const file = join(directory, "file");
	const socket = join(directory, "socket");
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(socket, resolve));
	await hostPath({ path: file, type: "FileOrCreate" });
	await hostPath({ path: file, type: "File" });
	await hostPath({ path: socket, type: "Socket" });
	await hostPath({ path: "/dev/null", type: "CharDevice" });
	await hostPath({ path: join(directory, "new/er"), type: "DirectoryOrCreate" });
	await hostPath({ path: join(directory, "new"), type: "Directory" });
	await hostPath({ path: file });
	await t.throwsAsync(hostPath({ path: file, type: "Directory" }), {
		message: `hostPath type check failed: ${file} is not a directory`,
	});
	await t.throwsAsync(hostPath({ path: join(directory, "none"), type: "File" }), {
		message: /is not a file/,
	});
	await t.throwsAsync(hostPath({ path: file, type: "BlockDevice" }), { message: /is not a block device/ });
	server.close();
});

test("tokens are kept for most of their life, and bound to their pod", async (t) => {
	const clock = createFakeClock();
	const asked: unknown[] = [];
	const client = {
		post: async (kind: unknown, name: unknown, subresource: string, body: unknown) => {
			t.is(kind, ServiceAccount);
			asked.push({ name, subresource, body });
			return {
				status: {
					token: `token-${asked.length}`,
					expirationTimestamp: new Date(clock.now() + 3_600_000).toISOString(),
				},
			};
		},
	} as unknown as Client;
	const tokens = createTokens(client, clock);
	const life = new AbortController();
	let changes = 0;
	const user = { uid: "u1", life: life.signal, changed: () => void changes++ };
	const pod: Pod = podOf({ serviceAccountName: "builder" });
	t.is(await tokens.get(pod, { audience: "vault" }, user), "token-1");
	t.is(await tokens.get(pod, { audience: "vault" }, user), "token-1");
	t.is(await tokens.get(pod, {}, user), "token-2");
	t.like(asked[0], {
		name: { namespace: "default", name: "builder" },
		subresource: "token",
		body: {
			spec: { audiences: ["vault"], expirationSeconds: 3_600, boundObjectRef: { kind: "Pod", uid: "u1" } },
		},
	});
	await clock.advance(2_880_000);
	t.is(changes, 2);
	t.is(await tokens.get(pod, { audience: "vault" }, user), "token-3");
	life.abort();
	t.is(clock.pending, 0);
});
