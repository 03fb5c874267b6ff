import test from "ava";
import fc from "fast-check";
import { rewriteLinks, throughProxy } from "./links.ts";

const place = { prefix: "/api/v1/namespaces/n/pods/p/proxy", hosts: ["10.0.0.1:80"] };

test("absolute paths and the far side's own addresses lead back through the proxy", (t) => {
	const links = {
		"/": `${place.prefix}/`,
		"/a/?b=/c#d": `${place.prefix}/a/?b=/c#d`,
		"http://10.0.0.1:80/a": `${place.prefix}/a`,
		"//10.0.0.1:80/a": `${place.prefix}/a`,
		[`${place.prefix}/a`]: `${place.prefix}/a`,
		"a/b": "a/b",
		"#top": "#top",
		"": "",
		"http://example.com/a": "http://example.com/a",
		"//example.com/a": "//example.com/a",
		"http://10.0.0.1:80": "http://10.0.0.1:80",
		"javascript:go('/a')": "javascript:go('/a')",
	};
	for (const [link, wanted] of Object.entries(links)) t.is(throughProxy(link, place), wanted, link);
});

async function rewritten(chunks: readonly string[]): Promise<string> {
	async function* source() {
		for (const chunk of chunks) yield Buffer.from(chunk);
	}
	const out: Buffer[] = [];
	for await (const chunk of rewriteLinks(source(), place)) out.push(chunk);
	return Buffer.concat(out).toString();
}

const PAGE = `<!doctype html><!-- <a href="/no"> --><title><a href="/no"></title>
<a class="/x" href="/rewriteme">1 < 2 é</a><IMG alt='>' SRC='/i.png'/><form action=/go method=post>
<script src="/s.js">if (a<b) document.write('<a href="/no">')</script><p cite="/no">`;
const WANTED = `<!doctype html><!-- <a href="/no"> --><title><a href="/no"></title>
<a class="/x" href="${place.prefix}/rewriteme">1 < 2 é</a><IMG alt='>' SRC='${place.prefix}/i.png'/><form action=${place.prefix}/go method=post>
<script src="${place.prefix}/s.js">if (a<b) document.write('<a href="/no">')</script><p cite="/no">`;

test("links in a page are rewritten, and nothing else", async (t) => {
	t.is(await rewritten([PAGE]), WANTED);
	t.is(await rewritten([...PAGE]), WANTED);
});

test("property: however a page is cut, it comes out the same", async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat(PAGE.length), { maxLength: 8 }), async (cuts) => {
			const at = [0, ...cuts.sort((a, b) => a - b), PAGE.length];
			const chunks = at.slice(1).map((end, index) => PAGE.slice(at[index], end));
			t.is(await rewritten(chunks), WANTED);
		}),
		{ numRuns: 50 },
	);
});

test("tags that never end are passed on", async (t) => {
	t.is(await rewritten(["x<a href='/a"]), "x<a href='/a");
	const endless = `<a title="${"a".repeat(70_000)}`;
	t.is(await rewritten([endless, "<b"]), `${endless}<b`);
});
