/** Roles for people and programs, and what everybody may see. Named and cut as on Kubernetes. */
import { ALL, on, onPaths, type PolicyRole, READ, WRITE } from "./rule.ts";

const RBAC = "rbac.authorization.k8s.io";
const COORDINATION = "coordination.k8s.io";
/** Label by which a role's rules become part of `admin`, `edit` or `view`. */
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

const view = [
	on(
		READ,
		"",
		"bindings",
		"configmaps",
		"endpoints",
		"events",
		"limitranges",
		"namespaces",
		"namespaces/status",
		"persistentvolumeclaims",
		"persistentvolumeclaims/status",
		"pods",
		"pods/log",
		"pods/status",
		"replicationcontrollers",
		"replicationcontrollers/scale",
		"replicationcontrollers/status",
		"resourcequotas",
		"resourcequotas/status",
		"serviceaccounts",
		"services",
		"services/status",
	),
	on(READ, "discovery.k8s.io", "endpointslices"),
	on(
		READ,
		"apps",
		"controllerrevisions",
		"daemonsets",
		"daemonsets/status",
		"deployments",
		"deployments/scale",
		"deployments/status",
		"replicasets",
		"replicasets/scale",
		"replicasets/status",
		"statefulsets",
		"statefulsets/scale",
		"statefulsets/status",
	),
	on(READ, "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscalers/status"),
	on(READ, "batch", "cronjobs", "cronjobs/status", "jobs", "jobs/status"),
	on(READ, "policy", "poddisruptionbudgets", "poddisruptionbudgets/status"),
	on(["get", "list"], "metrics.k8s.io", "nodes", "pods"),
	on(READ, "networking.k8s.io", "ingresses", "ingresses/status", "networkpolicies"),
	on(READ, "events.k8s.io", "events"),
	on(READ, "resource.k8s.io", "resourceclaims", "resourceclaims/status", "resourceclaimtemplates"),
];

const edit = [
	on(READ, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
	on(["impersonate"], "", "serviceaccounts"),
	on(WRITE, "", "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "pods/resize"),
	on(["create"], "", "pods/eviction", "serviceaccounts/token"),
	on(
		WRITE,
		"",
		"configmaps",
		"events",
		"persistentvolumeclaims",
		"replicationcontrollers",
		"replicationcontrollers/scale",
		"secrets",
		"serviceaccounts",
		"services",
		"services/proxy",
	),
	on(
		WRITE,
		"apps",
		"daemonsets",
		"deployments",
		"deployments/rollback",
		"deployments/scale",
		"replicasets",
		"replicasets/scale",
		"statefulsets",
		"statefulsets/scale",
	),
	on(WRITE, "autoscaling", "horizontalpodautoscalers"),
	on(WRITE, "batch", "cronjobs", "jobs"),
	on(WRITE, "policy", "poddisruptionbudgets"),
	on(WRITE, "networking.k8s.io", "ingresses", "networkpolicies"),
	on(WRITE, "events.k8s.io", "events"),
	on(WRITE, "resource.k8s.io", "resourceclaims", "resourceclaimtemplates"),
	on([...READ, ...WRITE], COORDINATION, "leases"),
];

const admin = [
	on([...READ, ...WRITE], RBAC, "rolebindings", "roles"),
	on(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
];

const CERTIFICATES = "certificates.k8s.io";
const mayApprove = (signer: string): PolicyRole => ({
	name: `system:certificates.k8s.io:${signer}-approver`,
	rules: [
		{
			verbs: ["approve"],
			apiGroups: [CERTIFICATES],
			resources: ["signers"],
			resourceNames: [`kubernetes.io/${signer}`],
		},
	],
});
const mayAsk = (what: string): PolicyRole => ({
	name: `system:certificates.k8s.io:certificatesigningrequests:${what}`,
	rules: [on(["create"], CERTIFICATES, `certificatesigningrequests/${what}`)],
});

const CERTIFICATE_ROLES: readonly PolicyRole[] = [
	mayApprove("kube-apiserver-client"),
	mayApprove("kube-apiserver-client-kubelet"),
	mayApprove("kubelet-serving"),
	mayApprove("legacy-unknown"),
	mayAsk("nodeclient"),
	mayAsk("selfnodeclient"),
	{
		name: "system:node-bootstrapper",
		rules: [on([...READ, "create"], CERTIFICATES, "certificatesigningrequests")],
	},
];

const PROBES = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

export const USER_ROLES: readonly PolicyRole[] = [
	{ name: "cluster-admin", rules: [on(ALL, "*", "*"), onPaths(ALL, "*")] },
	// Whole from the start; a controller adds what other roles with these labels allow.
	{ name: "admin", rules: [...view, ...edit, ...admin], aggregates: `${AGGREGATE}admin` },
	{
		name: "edit",
		rules: [...view, ...edit],
		aggregates: `${AGGREGATE}edit`,
		labels: { [`${AGGREGATE}admin`]: "true" },
	},
	{ name: "view", rules: view, aggregates: `${AGGREGATE}view`, labels: { [`${AGGREGATE}edit`]: "true" } },
	{ name: "system:aggregate-to-admin", rules: admin, labels: { [`${AGGREGATE}admin`]: "true" } },
	{ name: "system:aggregate-to-edit", rules: edit, labels: { [`${AGGREGATE}edit`]: "true" } },
	{ name: "system:aggregate-to-view", rules: view, labels: { [`${AGGREGATE}view`]: "true" } },
	{
		name: "system:discovery",
		rules: [onPaths(["get"], ...PROBES, "/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*")],
	},
	{
		name: "system:basic-user",
		rules: [
			on(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
			on(["create"], "authentication.k8s.io", "selfsubjectreviews"),
		],
	},
	{ name: "system:public-info-viewer", rules: [onPaths(["get"], ...PROBES)] },
	{
		name: "system:monitoring",
		rules: [
			onPaths(["get"], "/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/readyz", "/readyz/*"),
		],
	},
	{
		name: "system:service-account-issuer-discovery",
		rules: [onPaths(["get"], "/.well-known/openid-configuration", "/openid/v1/jwks")],
	},
	...CERTIFICATE_ROLES,
	{
		name: "system:auth-delegator",
		rules: [
			on(["create"], "authentication.k8s.io", "tokenreviews"),
			on(["create"], "authorization.k8s.io", "subjectaccessreviews"),
		],
	},
];
