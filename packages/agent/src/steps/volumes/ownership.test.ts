import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { giveToGroup } from "./ownership.ts";

const group = process.getgid?.() ?? 0;

test("all below becomes the group's, links lead nowhere, and what is right is left alone", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-owner-"));
	const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
	const outside = join(root, "outside");
	const volume = join(root, "volume");
	try {
		await writeFile(outside, "");
		await chmod(outside, 0o600);
		await mkdir(join(volume, "sub"), { recursive: true });
		await writeFile(join(volume, "sub/run"), "");
		await chmod(join(volume, "sub/run"), 0o700);
		await chmod(join(volume, "sub"), 0o700);
		await chmod(volume, 0o755);
		await symlink(outside, join(volume, "link"));
		await giveToGroup(volume, { group });
		t.is(await modeOf(volume), "2775");
		t.is(await modeOf(join(volume, "sub")), "2770");
		t.is(await modeOf(join(volume, "sub/run")), "760");
		t.is(await modeOf(outside), "600");

		await chmod(join(volume, "sub"), 0o700);
		await giveToGroup(volume, { group, policy: "OnRootMismatch" });
		t.is(await modeOf(join(volume, "sub")), "700");
		await chmod(volume, 0o755);
		await giveToGroup(volume, { group, policy: "OnRootMismatch" });
		t.is(await modeOf(join(volume, "sub")), "2770");
	} finally {
		await rm(root, { recursive: true });
	}
});
