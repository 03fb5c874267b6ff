import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import {
	ensureDataDirectory,
	recordedServerAddress,
	recordServerAddress,
	requireCluster,
} from "./data-directory.ts";
import { Failure } from "./failure.ts";

test("a directory remembers the server's address", (t) => {
	const directory = join(mkdtempSync(join(tmpdir(), "berth-")), "data");
	t.throws(() => requireCluster(directory), { instanceOf: Failure, message: /no cluster/ });
	ensureDataDirectory(directory);
	t.throws(() => recordedServerAddress(directory), { instanceOf: Failure });
	recordServerAddress(directory, "https://127.0.0.1:6443");
	t.is(recordedServerAddress(directory), "https://127.0.0.1:6443");
	mkdirSync(join(directory, "pki"));
	writeFileSync(join(directory, "pki/ca.crt"), "");
	t.notThrows(() => requireCluster(directory));
	rmSync(directory, { recursive: true });
});

test("a directory that cannot be made is a failure with advice", (t) => {
	const failure = t.throws<Failure>(() => ensureDataDirectory("/dev/null/data"), { instanceOf: Failure });
	t.regex(failure?.advice ?? "", /--data-dir/);
});
