import {
	LocalSubjectAccessReview,
	SelfSubjectAccessReview,
	SelfSubjectReview,
	SelfSubjectRulesReview,
	SubjectAccessReview,
	TokenReview,
} from "@berth/api";
import test from "ava";
import type { Attributes, Authorizer } from "../../auth/auth.ts";
import { ADMIN, openRegistry } from "../testing/open-registry.ts";

const asked: Attributes[] = [];
const authorizer: Authorizer = {
	authorize: (user, attributes) => {
		asked.push(attributes);
		return user.username === "ann" || user.groups?.includes("system:masters")
			? { allowed: true, reason: "because" }
			: { allowed: false, reason: "no rule" };
	},
	rules: () => [
		{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] },
		{ verbs: ["get"], nonResourceURLs: ["/healthz"] },
	],
};

test("access reviews ask the authorizer that guards requests", async (t) => {
	await using api = await openRegistry({ authorizer });
	asked.length = 0;
	const attributes = { verb: "get", resource: "pods", namespace: "default", name: "" };
	const review = (spec: object) =>
		api.value<SubjectAccessReview>("create", SubjectAccessReview, { body: { spec } });
	const yes = await review({ user: "ann", resourceAttributes: attributes });
	t.deepEqual(yes.status, { allowed: true, reason: "because" });
	t.deepEqual(yes.spec, {
		user: "ann",
		resourceAttributes: { verb: "get", resource: "pods", namespace: "default" },
	});
	t.deepEqual(asked, [
		{
			verb: "get",
			group: "",
			resource: "pods",
			subresource: undefined,
			namespace: "default",
			name: undefined,
		},
	]);
	const no = await review({ user: "bob", nonResourceAttributes: { verb: "get", path: "/metrics" } });
	t.deepEqual(no.status, { allowed: false, reason: "no rule" });
	const own = await api.value<SelfSubjectAccessReview>("create", SelfSubjectAccessReview, {
		body: { spec: { resourceAttributes: attributes } },
	});
	t.true(own.status?.allowed);
	const local = (namespace: string) => ({
		namespace: "default",
		body: { spec: { user: "ann", resourceAttributes: { ...attributes, namespace } } },
	});
	t.true(
		(await api.value<LocalSubjectAccessReview>("create", LocalSubjectAccessReview, local("default"))).status
			?.allowed,
	);
	t.is((await api.failure("create", LocalSubjectAccessReview, local("other"))).code, 422);
	t.is((await api.failure("create", SubjectAccessReview, { body: { spec: { user: "ann" } } })).code, 422);
	t.is(
		(await api.failure("create", SubjectAccessReview, { body: { spec: { resourceAttributes: attributes } } }))
			.code,
		422,
	);
	t.is((await api.failure("create", SubjectAccessReview, { body: {} })).code, 422);
});

test("rules, the caller itself, and tokens", async (t) => {
	await using api = await openRegistry({
		authorizer,
		tokens: {
			issue: () => Promise.reject(new Error("no")),
			verify: async (token, audiences = []) => {
				if (token !== "good") throw new Error("token expired");
				return { user: { username: "ann" }, audiences };
			},
		},
	});
	const rules = await api.value<SelfSubjectRulesReview>("create", SelfSubjectRulesReview, {
		body: { spec: { namespace: "default" } },
	});
	t.deepEqual(rules.status, {
		resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }],
		nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz"] }],
		incomplete: false,
	});
	t.is((await api.failure("create", SelfSubjectRulesReview, { body: {} })).code, 400);
	const self = await api.value<SelfSubjectReview>("create", SelfSubjectReview, { body: {} });
	t.deepEqual(self.status?.userInfo, ADMIN);
	const token = (spec: object) => api.value<TokenReview>("create", TokenReview, { body: { spec } });
	t.deepEqual((await token({ token: "good", audiences: ["x"] })).status, {
		authenticated: true,
		user: { username: "ann" },
		audiences: ["x"],
	});
	t.is((await token({ token: "bad" })).status?.error, "token expired");
	t.is((await api.failure("create", TokenReview, { body: {} })).code, 400);
	t.is((await api.failure("list", TokenReview)).code, 405);
});
