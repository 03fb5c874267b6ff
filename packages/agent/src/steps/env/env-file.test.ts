import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { parseEnvFile, readEnvFile } from "./env-file.ts";

test("variables, comments and blank lines", (t) => {
	const text = "# made by setup\n\nA='1'\n  B = 'two words # no comment'  \nC='a\nb'\nA='2'\nE=''";
	t.deepEqual(
		[...parseEnvFile(text)],
		[
			["A", "2"],
			["B", "two words # no comment"],
			["C", "a\nb"],
			["E", ""],
		],
	);
	t.throws(() => parseEnvFile("A='1'\nB=2\n"), { message: /line 2/ });
	t.throws(() => parseEnvFile("A='1"), { message: /line 1/ });
});

test("any text is a file or is not, and ends", (t) => {
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom("A", "=", "'", "\n", " ", "#") }), (text) => {
			try {
				parseEnvFile(text);
			} catch (error) {
				t.regex(String(error), /invalid format/);
			}
		}),
	);
	t.pass();
});

test("no link leads out of the volume, and what is no file is not read", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-env-"));
	const volume = join(root, "volume");
	await mkdir(join(volume, "dir"), { recursive: true });
	await writeFile(join(root, "secret"), "A='1'");
	await writeFile(join(volume, "own"), "A='1'");
	await symlink(join(root, "secret"), join(volume, "away"));
	await symlink("own", join(volume, "near"));
	t.is((await readEnvFile(volume, "near"))?.get("A"), "1");
	t.is(await readEnvFile(volume, "none"), undefined);
	await t.throwsAsync(readEnvFile(volume, "away"), { message: /leads out/ });
	await t.throwsAsync(readEnvFile(volume, "../secret"), { message: /leads out/ });
	await t.throwsAsync(readEnvFile(volume, "dir"), { message: /no file/ });
	await rm(root, { recursive: true });
});
