import { type KubeObject, systemClock } from "@berth/api";
import test from "ava";
import { temporaryDirectory } from "../http/testing/temporary-directory.ts";
import { openPki } from "../pki/pki.ts";
import { ISSUER } from "../pki/signing-key.ts";
import { createTokens } from "./tokens.ts";

const START = Date.parse("2026-03-04T05:06:07Z");

async function setUp() {
	const directory = await temporaryDirectory();
	let now = START;
	const clock = { ...systemClock, now: () => now };
	const pki = await openPki(directory.path, { clock });
	const objects = new Map<string, KubeObject>();
	const put = (key: string, uid: string, deletionTimestamp?: string) =>
		objects.set(key, {
			apiVersion: "v1",
			kind: "X",
			metadata: {
				name: "x",
				uid,
				resourceVersion: "1",
				creationTimestamp: "",
				...(deletionTimestamp ? { deletionTimestamp } : {}),
			},
		});
	const tokens = createTokens({
		key: pki.signingKey,
		clock,
		lookup: (kind, namespace, name) => objects.get([kind, namespace, name].filter(Boolean).join("/")),
	});
	put("ServiceAccount/ci/bot", "u1");
	return { directory, pki, tokens, objects, put, wait: (ms: number) => (now += ms) };
}
const claims = {
	namespace: "ci",
	serviceAccount: { name: "bot", uid: "u1" },
	audiences: [],
	expiresInSeconds: 600,
};

test("a token names its account and where it may be used", async (t) => {
	const { tokens, directory } = await setUp();
	await using _ = directory;
	const { token, expirationTimestamp } = await tokens.issue(claims);
	t.is(expirationTimestamp, "2026-03-04T05:16:07Z");
	const { user, audiences } = await tokens.verify(token);
	t.like(user, { username: "system:serviceaccount:ci:bot", uid: "u1" });
	t.deepEqual(user.groups, ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"]);
	t.deepEqual(audiences, [ISSUER]);
	const vault = await tokens.issue({ ...claims, audiences: ["vault", "x"] });
	t.deepEqual((await tokens.verify(vault.token, ["x", "y"])).audiences, ["x"]);
	await t.throwsAsync(tokens.verify(vault.token), { message: /token is for \["vault","x"\]/ });
	await t.throwsAsync(tokens.verify(token, ["vault"]));
});

test("it ends with its time, its account, and what it is bound to", async (t) => {
	const { tokens, objects, put, wait, directory } = await setUp();
	await using _ = directory;
	put("Pod/ci/p", "p1");
	const bound = await tokens.issue({ ...claims, boundTo: { kind: "Pod", name: "p", uid: "p1" } });
	const { user } = await tokens.verify(bound.token);
	t.deepEqual(user.extra?.["authentication.kubernetes.io/pod-name"], ["p"]);
	put("Pod/ci/p", "p2");
	await t.throwsAsync(tokens.verify(bound.token), { message: 'Pod "p" of the token is gone' });
	put("Pod/ci/p", "p1", "2026-03-04T05:06:07Z");
	await t.notThrowsAsync(tokens.verify(bound.token));
	wait(61_000);
	await t.throwsAsync(tokens.verify(bound.token), { message: /has been deleted/ });
	const plain = await tokens.issue(claims);
	objects.delete("ServiceAccount/ci/bot");
	await t.throwsAsync(tokens.verify(plain.token), { message: /ServiceAccount "bot" of the token is gone/ });
	put("ServiceAccount/ci/bot", "u1");
	await t.notThrowsAsync(tokens.verify(plain.token));
	wait(600_000);
	await t.throwsAsync(tokens.verify(plain.token), { message: /expired/ });
});

test("people's tokens carry any name, but only those made for people", async (t) => {
	const { tokens, pki, directory } = await setUp();
	await using _ = directory;
	const jane = await pki.userToken({ user: "jane", groups: ["dev"], expiresInSeconds: 60 });
	t.deepEqual((await tokens.verify(jane)).user, {
		username: "jane",
		groups: ["dev", "system:authenticated"],
	});
	const now = START / 1000;
	const times = { iat: now, nbf: now, exp: now + 60, iss: ISSUER };
	const forged = await pki.signingKey.sign({
		...times,
		sub: "root",
		groups: ["system:masters"],
		aud: [ISSUER],
	});
	await t.throwsAsync(tokens.verify(forged), { message: "token names no user" });
	const foreign = await pki.signingKey.sign({
		...times,
		iss: "https://elsewhere",
		sub: "root",
		aud: ["berth"],
	});
	await t.throwsAsync(tokens.verify(foreign), { message: /"iss"/ });
	const malformed = await pki.signingKey.sign({
		...times,
		sub: "x",
		aud: [ISSUER],
		"kubernetes.io": { namespace: 1 },
	});
	await t.throwsAsync(tokens.verify(malformed), { message: /malformed/ });
	for (const nothing of ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
		await t.throwsAsync(tokens.verify(nothing));
});
