import test from "ava";
import { containerOf } from "./decide.world.ts";
import { createUsers, userOf } from "./users.ts";

test("ids as the kernel shows them", (t) => {
	const status = "Name:\tsleep\nUid:\t1000\t1001\t1000\t1000\nGid:\t5\t6\t5\t5\nGroups:\t6 2000 \n";
	t.deepEqual(userOf(status), { uid: 1001, gid: 6, supplementalGroups: [6, 2000] });
	t.is(userOf(""), undefined);
});

test("asked once, and forgotten with the container", async (t) => {
	const users = createUsers();
	await users.read({ sandboxes: [], containers: [containerOf({ id: "x", pid: process.pid })] });
	t.is(users.known.get("x")?.uid, process.geteuid?.());
	await users.read({ sandboxes: [], containers: [containerOf({ id: "y", pid: 2 ** 30 })] });
	t.deepEqual([...users.known.keys()], []);
});
