/** What the documents name exists: paths in backticks and in commands, relative links, and `npm run` commands. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

export interface Repository {
	/** Every file, from the root: `packages/api/src/index.ts`. */
	readonly files: readonly string[];
	/** What `npm run` knows. */
	readonly commands: readonly string[];
}

const LINK = /\]\(([^)\s#]+)[^)]*\)/g;
const FENCE = /^```[\s\S]*?^```$/gm;
const COMMAND = /\bnpm run ([\w-]+)/g;
const FILE = /\w\.(?:ts|js|json|md|py|sh|yaml)$/;
const PATH = /^(?:\.\/)?([\w.@-]+(?:\/[\w.@-]+)*\/?)$/;

/** A line for each thing that `text`, the document at `file`, names and `repository` does not have. */
export function problemsOf(file: string, text: string, repository: Repository): string[] {
	const { files, commands } = repository;
	const roots = new Set(files.filter((each) => each.includes("/")).map((each) => each.split("/")[0]));
	const prose = text.replaceAll(FENCE, "");
	const fences = [...text.matchAll(FENCE)].map(([fence]) => fence).join("\n");

	const quoted = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
	const named = [
		...quoted.flatMap((word) => pathIn(word, (path) => path.endsWith("/") || FILE.test(path))),
		...[...quoted, ...fences.split(/\s+/)].flatMap((word) =>
			pathIn(word, (path) => path.includes("/") && roots.has(path.split("/")[0])),
		),
	];
	const links = [...prose.matchAll(LINK)].map(([, link = ""]) => link).filter((link) => !/^\w+:/.test(link));
	return [
		...new Set(named.filter((path) => !has(files, path)).map((path) => `${file}: there is no ${path}`)),
		...links
			.filter((link) => !leadsTo(files, join(dirname(file), link)))
			.map((link) => `${file}: the link to ${link} leads nowhere`),
		...[...text.matchAll(COMMAND)]
			.filter(([, command = ""]) => !commands.includes(command))
			.map(([whole]) => `${file}: there is no command "${whole}"`),
	];
}

function pathIn(word: string, counts: (path: string) => boolean): string[] {
	const path = PATH.exec(word)?.[1];
	return path !== undefined && counts(path) ? [path] : [];
}

/** A path may leave out where it begins; a word in capitals (but for a document's name) stands for any. */
function has(files: readonly string[], path: string): boolean {
	const name = path.replace(/\/$/, "").replaceAll(".", "\\.");
	const pattern = name.replaceAll(/(?<=^|\/)[A-Z]+(?=\/|\\|$)(?!\\\.md)/g, "[^/]+");
	const found = new RegExp(`(?:^|/)${pattern}${path.endsWith("/") ? "/" : "(?:/|$)"}`);
	return files.some((file) => found.test(file));
}

/** A link leads to a file or a folder, and says the whole way. */
function leadsTo(files: readonly string[], link: string): boolean {
	const target = link.replace(/\/$/, "");
	return files.some((file) => file === target || file.startsWith(`${target}/`));
}

if (import.meta.main) {
	const outside = (name: string) => /(?:^|\/)(?:node_modules|\.git|\.berth|\.vagrant)$/.test(name);
	const files = [".ci/*", "**/*"].flatMap((pattern) => globSync(pattern, { exclude: outside }));
	const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
	const repository = { files, commands: Object.keys(scripts) };
	const problems = files
		.filter((file) => file.endsWith(".md"))
		.flatMap((file) => problemsOf(file, readFileSync(file, "utf8"), repository));
	for (const problem of problems) console.error(problem);
	console.log(problems.length ? `docs: ${problems.length} things they name do not exist` : "docs: ok");
	process.exitCode = problems.length ? 1 : 0;
}
