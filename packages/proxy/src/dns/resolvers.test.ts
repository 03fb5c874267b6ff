import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { parseResolvConf, parseResolver, resolversOfFile } from "./resolvers.ts";

test("addresses with and without port", (t) => {
	t.deepEqual(parseResolver("1.2.3.4"), { address: "1.2.3.4", port: 53 });
	t.deepEqual(parseResolver("1.2.3.4:5353"), { address: "1.2.3.4", port: 5353 });
	t.deepEqual(parseResolver("fd00::1"), { address: "fd00::1", port: 53 });
	t.deepEqual(parseResolver("[fd00::1]:5353"), { address: "fd00::1", port: 5353 });
	t.deepEqual(parseResolver("fe80::1%eth0"), { address: "fe80::1%eth0", port: 53 });
	for (const text of ["", "example.com", "1.2.3.4:0", "1.2.3.4:99999", "1.2.3", "[1.2.3.4", "fd00::1]:53"])
		t.is(parseResolver(text), undefined, text);
});

test("the nameservers of a resolv.conf, without ourselves", (t) => {
	const text =
		"# nameserver 9.9.9.9\nsearch a b\n nameserver\t1.1.1.1 \nnameserver 10.96.0.10\nnameserver nonsense\n";
	t.deepEqual(parseResolvConf(text, "10.96.0.10"), [{ address: "1.1.1.1", port: 53 }]);
});

test("the file is read again when it changes, and may be missing", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-resolvers-"));
	t.teardown(() => rm(directory, { recursive: true }));
	const file = join(directory, "resolv.conf");
	const resolvers = resolversOfFile(file, "10.96.0.10");
	t.deepEqual(await resolvers(), []);
	await writeFile(file, "nameserver 1.1.1.1\n");
	t.is((await resolvers())[0]?.address, "1.1.1.1");
	await writeFile(file, "nameserver 192.168.100.1\n");
	t.is((await resolvers())[0]?.address, "192.168.100.1");
});
