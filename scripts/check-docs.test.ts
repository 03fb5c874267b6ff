import test from "ava";
import { problemsOf } from "./check-docs.ts";

const repository = {
	files: [
		"README.md",
		"docs/start.md",
		"packages/api/src/kinds/core/pod.ts",
		"scripts/up",
		"test/e2e/run.ts",
	],
	commands: ["ok"],
};
const check = (text: string, file = "README.md") => problemsOf(file, text, repository);

test("what exists is fine, by its whole path or the end of it, with names left open", (t) => {
	t.deepEqual(
		check("`packages/api/` `kinds/core/pod.ts` `pod.ts` `packages/api/src/kinds/GROUP/KIND.ts`"),
		[],
	);
	t.deepEqual(
		check("[here](docs/start.md#first) [there](https://example.com/x.md) `npm run ok -- --tap`"),
		[],
	);
	t.deepEqual(check("[up](../README.md)", "docs/start.md"), []);
	t.deepEqual(check("```sh\n./scripts/up\nnpx berth --data-dir /var/lib/berth\n```"), []);
	t.deepEqual(check("`10.96.0.0/16` `berth/hello:1` `application/json` `list.items`"), []);
});

test("what does not exist is told, with the document that names it", (t) => {
	t.deepEqual(check("`kinds/core/nod.ts`, `nothing/`, `GROUP/none.ts`"), [
		"README.md: there is no kinds/core/nod.ts",
		"README.md: there is no nothing/",
		"README.md: there is no GROUP/none.ts",
	]);
	t.deepEqual(check("```sh\n./scripts/down\nnpm run none\n```"), [
		"README.md: there is no scripts/down",
		'README.md: there is no command "npm run none"',
	]);
	t.deepEqual(check("[start](start.md)"), ["README.md: the link to start.md leads nowhere"]);
	t.deepEqual(check("`NOTHING.md`"), ["README.md: there is no NOTHING.md"]);
});
