import { ConfigMap, Deployment, Pod, type Status, StatusError } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { itemsOf, openRegistry, type TestRegistry } from "./testing/open-registry.ts";

async function make(api: TestRegistry, names: readonly string[], namespace = "default") {
	for (const name of names) {
		await api.ask("create", ConfigMap, { namespace, body: { metadata: { name, labels: { name } } } });
	}
}

async function page(api: TestRegistry, query: Record<string, string>) {
	const answer = await api.ask("list", ConfigMap, { query });
	if (answer.type !== "list") throw new Error("no list");
	const { items, revision, continue: token = "", remaining } = answer.list;
	return { names: items.map(({ object }) => object.metadata.name), revision, token, remaining };
}

test("selectors of labels and fields", async (t) => {
	await using api = await openRegistry({ namespaces: ["default", "other"] });
	await make(api, ["a", "b", "c"]);
	await make(api, ["a"], "other");
	const names = (query: Record<string, string>, namespace?: string) =>
		api.names(ConfigMap, { query, ...(namespace ? { namespace } : {}) });
	t.deepEqual(await names({}), ["a", "b", "c", "a"]);
	t.deepEqual(await names({}, "other"), ["a"]);
	t.deepEqual(await names({}, "nowhere"), []);
	t.deepEqual(await names({ labelSelector: "name in (a,b)" }, "default"), ["a", "b"]);
	t.deepEqual(await names({ labelSelector: "name!=a,name" }), ["b", "c"]);
	t.deepEqual(await names({ fieldSelector: "metadata.name=a" }), ["a", "a"]);
	t.deepEqual(await names({ fieldSelector: "metadata.name=a,metadata.namespace=other" }), ["a"]);
	t.deepEqual(await names({ fieldSelector: "metadata.name!=a" }), ["b", "c"]);
	t.deepEqual(await names({ fieldSelector: "metadata.name=zzz" }, "default"), []);
	const body = { metadata: { name: "p" }, spec: { nodeName: "n1", containers: [{ name: "c", image: "i" }] } };
	await api.ask("create", Pod, { body });
	t.deepEqual(await api.names(Pod, { query: { fieldSelector: "spec.nodeName=n1,status.phase=Pending" } }), [
		"p",
	]);
	const failure = async (kind: typeof Pod | typeof Deployment, query: Record<string, string>) => {
		const { code, message } = await api.failure("list", kind, { query });
		return `${code} ${message}`;
	};
	t.is(await failure(Pod, { fieldSelector: "spec.image=x" }), "400 field label not supported: spec.image");
	t.is(
		await failure(Deployment, { fieldSelector: "spec.replicas=1" }),
		'400 "spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
	);
	t.is((await api.failure("list", Pod, { query: { labelSelector: "a=(" } })).code, 400);
	t.is((await api.failure("list", Pod, { query: { fieldSelector: "nonsense" } })).code, 400);
});

test("whoever takes any state gets all of it, whatever the limit", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a", "b", "c"]);
	const { names, token } = await page(api, { limit: "2", resourceVersion: "0" });
	t.deepEqual([names, token], [["a", "b", "c"], ""]);
});

test("pages of one list hang together whatever happens between them", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a", "b", "c", "d", "e"]);
	const first = await page(api, { limit: "2" });
	t.deepEqual([first.names, first.remaining], [["a", "b"], 3]);
	await api.ask("delete", ConfigMap, { name: "c" });
	await make(api, ["c2", "z"]);
	const second = await page(api, { limit: "2", continue: first.token });
	t.deepEqual([second.names, second.remaining, second.revision], [["c", "d"], 1, first.revision]);
	const last = await page(api, { limit: "2", continue: second.token });
	t.deepEqual([last.names, last.token, last.remaining], [["e"], "", undefined]);
	const selected = await page(api, { limit: "1", labelSelector: "name!=a" });
	t.deepEqual([selected.names, selected.remaining], [["b"], undefined]);
	t.deepEqual((await page(api, { limit: "-3" })).names.length, 6);
});

test("a page whose list is forgotten is expired, and can be gone on with inconsistently", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a", "b", "c"]);
	const first = await page(api, { limit: "1" });
	await make(api, ["b2"]);
	compact(api);
	await make(api, ["z"]);
	const error = await t.throwsAsync(page(api, { limit: "9", continue: first.token }), {
		instanceOf: StatusError,
	});
	t.deepEqual([error.code, error.reason], [410, "Expired"]);
	const token = error.status.metadata?.continue ?? "";
	t.deepEqual((await page(api, { limit: "9", continue: token })).names, ["b", "b2", "c", "z"]);
	const exact = await api.failure("list", ConfigMap, {
		query: { resourceVersion: "3", resourceVersionMatch: "Exact" },
	});
	t.deepEqual([exact.code, exact.message], [410, "The resourceVersion for the provided list is too old."]);
});

/** Forgets the history that continue tokens need, as time would. */
function compact(api: TestRegistry) {
	const cache = api.objects.of(ConfigMap) as unknown as { compact(revision: number): void };
	cache.compact(api.objects.revision);
}

test("tokens are what the server made, or refused", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a", "b"]);
	const refused = [
		"!!!",
		"bm9wZQ",
		Buffer.from("null").toString("base64url"),
		Buffer.from('{"v":"meta.k8s.io/v2","rv":1,"start":"a"}').toString("base64url"),
		encodeContinue({ revision: 0, start: "a" }),
		encodeContinue({ revision: 5, start: "" }),
		encodeContinue({ revision: 5, start: "../secrets/a" }),
		encodeContinue({ revision: 1.5, start: "a" }),
		encodeContinue({ revision: -2, start: "a" }),
	];
	for (const token of refused) {
		const failure = await api.failure("list", ConfigMap, { query: { continue: token } });
		t.is(failure.code, 400, token);
		t.regex(failure.message, /continue key is not valid/);
	}
	const both = await api.failure("list", ConfigMap, {
		query: { continue: encodeContinue({ revision: 2, start: "a" }), resourceVersion: "2" },
	});
	t.is(both.message, "specifying resource version is not allowed when using continue");
	t.notThrows(() =>
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					decodeContinue(text);
				} catch (error) {
					if (!(error instanceof StatusError) || error.code !== 400) throw error;
				}
			}),
		),
	);
});

test("any way of paging gives the list itself", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a", "a-1", "a.b", "ab", "b", "c0", "c-0", "z"]);
	const whole = (await page(api, {})).names;
	for (let limit = 1; limit < 10; limit += 1) {
		const names: string[] = [];
		let token = "";
		do {
			const next = await page(api, { limit: String(limit), ...(token ? { continue: token } : {}) });
			names.push(...next.names);
			token = next.token;
		} while (token);
		t.deepEqual(names, whole, `limit ${limit}`);
	}
});

test("revisions: newest, any, at least, exactly, and what makes no sense", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a"]);
	const before = String(api.objects.revision);
	await make(api, ["b"]);
	const names = (query: Record<string, string>) => api.names(ConfigMap, { query });
	t.deepEqual(await names({ resourceVersion: "0" }), ["a", "b"]);
	t.deepEqual(await names({ resourceVersion: before }), ["a", "b"]);
	t.deepEqual(await names({ resourceVersion: before, resourceVersionMatch: "NotOlderThan" }), ["a", "b"]);
	t.deepEqual(await names({ resourceVersion: before, resourceVersionMatch: "Exact" }), ["a"]);
	t.deepEqual(await names({ resourceVersion: before, limit: "5" }), ["a"]);
	const failure = async (query: Record<string, string>) => {
		const status: Status = await api.failure("list", ConfigMap, { query });
		return `${status.code} ${status.message}`;
	};
	const invalid = '422 ListOptions.meta.k8s.io "" is invalid: ';
	t.is(
		await failure({ resourceVersionMatch: "Exact" }),
		`${invalid}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`,
	);
	t.is(
		await failure({ resourceVersionMatch: "Exact", resourceVersion: "0" }),
		`${invalid}resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`,
	);
	t.is(
		await failure({ resourceVersionMatch: "Roughly", resourceVersion: "1" }),
		`${invalid}resourceVersionMatch: Unsupported value: "Roughly": supported values: "", "Exact", "NotOlderThan"`,
	);
	t.is(
		await failure({ sendInitialEvents: "true" }),
		`${invalid}sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list`,
	);
	for (const text of ["x", "-1", "1e3", "99999999999999999999", " 1"]) {
		t.true((await failure({ resourceVersion: text })).startsWith("400 "), text);
	}
	t.is(await failure({ limit: "x" }), '400 strconv.ParseInt: parsing "x": invalid syntax');
});

test("a get may ask for a revision; one from the future times out", async (t) => {
	await using api = await openRegistry();
	await make(api, ["a"]);
	await api.ask("get", ConfigMap, { name: "a", query: { resourceVersion: "0" } });
	await api.ask("get", ConfigMap, { name: "a", query: { resourceVersion: String(api.objects.revision) } });
	t.is((await api.failure("get", ConfigMap, { name: "a", query: { resourceVersion: "nope" } })).code, 400);
	t.is((await api.failure("get", ConfigMap, { name: "b" })).message, 'configmaps "b" not found');
	t.is(itemsOf(await api.ask("list", ConfigMap)).length, 1);
});
