/** Roles of Berth's own processes and of each controller: no more than the work needs. */
import { EVENTS, on, type PolicyRole, READ } from "./rule.ts";

const COORDINATION = "coordination.k8s.io";
const DISCOVERY = "discovery.k8s.io";
/** Leader election. */
const LEASES = on(["create", "get", "list", "patch", "update", "watch"], COORDINATION, "leases");
const DELEGATED_REVIEWS = [
	on(["create"], "authentication.k8s.io", "tokenreviews"),
	on(["create"], "authorization.k8s.io", "subjectaccessreviews"),
];

const COMPONENT_ROLES: readonly PolicyRole[] = [
	{
		name: "system:node",
		rules: [
			...DELEGATED_REVIEWS,
			on(["create", "get", "list", "patch", "update", "watch"], "", "nodes"),
			on(["patch", "update"], "", "nodes/status"),
			on([...READ, "create", "delete"], "", "pods"),
			on(["get", "patch", "update"], "", "pods/status"),
			on(["create"], "", "pods/eviction", "serviceaccounts/token"),
			// Secrets and config maps: see node-authorizer.ts.
			on(READ, "", "endpoints", "namespaces", "serviceaccounts", "services"),
			// Claims are waited for until they are bound.
			on(READ, "", "persistentvolumeclaims"),
			on(["get"], "", "persistentvolumes"),
			on(READ, DISCOVERY, "endpointslices"),
			on(READ, "networking.k8s.io", "networkpolicies"),
			on(READ, "node.k8s.io", "runtimeclasses"),
			on([...READ, "create"], "certificates.k8s.io", "certificatesigningrequests"),
			on(["get"], "storage.k8s.io", "volumeattachments"),
			on(READ, "storage.k8s.io", "csidrivers"),
			on([...READ, "create", "delete", "patch", "update"], "storage.k8s.io", "csinodes"),
			on(["get"], "resource.k8s.io", "resourceclaims"),
			on(
				[...READ, "create", "delete", "deletecollection", "patch", "update"],
				"resource.k8s.io",
				"resourceslices",
			),
			on(["create", "delete", "get", "patch", "update"], COORDINATION, "leases"),
			EVENTS,
		],
	},
	{
		name: "system:node-proxier",
		rules: [
			on(READ, "", "endpoints", "namespaces", "nodes", "pods", "services"),
			on(READ, DISCOVERY, "endpointslices"),
			on(READ, "networking.k8s.io", "networkpolicies"),
			EVENTS,
		],
	},
	{
		name: "system:kube-scheduler",
		rules: [
			LEASES,
			...DELEGATED_REVIEWS,
			on(READ, "", "namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "services"),
			on(READ, "", "replicationcontrollers"),
			on(READ, "apps", "replicasets", "statefulsets"),
			on(READ, "policy", "poddisruptionbudgets"),
			on(READ, "storage.k8s.io", "*"),
			// Binds volumes where the pod decides which one it is to be.
			on(["patch", "update"], "", "persistentvolumeclaims", "persistentvolumes"),
			on(READ, "resource.k8s.io", "deviceclasses", "resourceclaims", "resourceslices"),
			on(["patch", "update"], "resource.k8s.io", "resourceclaims", "resourceclaims/status"),
			on(["delete"], "", "pods"),
			on(["create"], "", "bindings", "pods/binding"),
			on(["patch", "update"], "", "pods/status"),
			EVENTS,
		],
	},
	{
		name: "system:kube-controller-manager",
		rules: [
			LEASES,
			...DELEGATED_REVIEWS,
			// Its informers are shared by all controllers, and the garbage collector watches every kind.
			on(READ, "*", "*"),
			on(["create", "get", "update"], "", "serviceaccounts"),
			on(["create"], "", "serviceaccounts/token"),
			EVENTS,
		],
	},
];

const PODS_OF_A_LOST_NODE = [on([...READ, "delete"], "", "pods"), on(["patch", "update"], "", "pods/status")];

/** By the name that follows `system:controller:`. */
const CONTROLLERS: Readonly<Record<string, PolicyRole["rules"]>> = {
	"clusterrole-aggregation-controller": [
		// What it may hand out it need not have.
		on([...READ, "escalate", "patch", "update"], "rbac.authorization.k8s.io", "clusterroles"),
	],
	"daemon-set-controller": [
		on([...READ, "patch", "update"], "apps", "daemonsets"),
		on(["patch", "update"], "apps", "daemonsets/finalizers", "daemonsets/status"),
		on([...READ, "create", "delete", "patch", "update"], "apps", "controllerrevisions"),
		on(READ, "", "nodes"),
		on([...READ, "create", "delete", "patch", "update"], "", "pods"),
		EVENTS,
	],
	"cronjob-controller": [
		on([...READ, "create", "delete", "patch", "update"], "batch", "jobs"),
		on([...READ, "patch", "update"], "batch", "cronjobs"),
		on(["patch", "update"], "batch", "cronjobs/finalizers", "cronjobs/status"),
		EVENTS,
	],
	"deployment-controller": [
		on([...READ, "patch", "update"], "apps", "deployments"),
		on(["patch", "update"], "apps", "deployments/finalizers", "deployments/status"),
		on([...READ, "create", "delete", "patch", "update"], "apps", "replicasets"),
		on([...READ, "patch", "update"], "", "pods"),
		EVENTS,
	],
	"endpoint-controller": [
		on(READ, "", "nodes", "pods", "services"),
		on([...READ, "create", "delete", "patch", "update"], "", "endpoints"),
		on(["create"], "", "endpoints/restricted"),
		EVENTS,
	],
	"endpointslice-controller": [
		on(READ, "", "nodes", "pods", "services"),
		on(["update"], "", "services/finalizers"),
		on([...READ, "create", "delete", "patch", "update"], DISCOVERY, "endpointslices"),
		on(["create"], DISCOVERY, "endpointslices/restricted"),
		EVENTS,
	],
	"endpointslicemirroring-controller": [
		on(READ, "", "endpoints", "services"),
		on(["update"], "", "endpoints/finalizers"),
		on([...READ, "create", "delete", "patch", "update"], DISCOVERY, "endpointslices"),
		on(["create"], DISCOVERY, "endpointslices/restricted"),
		EVENTS,
	],
	"generic-garbage-collector": [on([...READ, "delete", "patch", "update"], "*", "*"), EVENTS],
	"job-controller": [
		on([...READ, "patch", "update"], "batch", "jobs"),
		on(["patch", "update"], "batch", "jobs/finalizers", "jobs/status"),
		on([...READ, "create", "delete", "patch", "update"], "", "pods"),
		EVENTS,
	],
	"namespace-controller": [
		on([...READ, "delete"], "", "namespaces"),
		on(["patch", "update"], "", "namespaces/finalize", "namespaces/status"),
		on([...READ, "delete", "deletecollection"], "*", "*"),
	],
	"node-controller": [
		on([...READ, "delete", "patch", "update"], "", "nodes"),
		on(["patch", "update"], "", "nodes/status"),
		...PODS_OF_A_LOST_NODE,
		on(READ, COORDINATION, "leases"),
		EVENTS,
	],
	"node-ipam-controller": [
		on([...READ, "patch", "update"], "", "nodes"),
		on(["patch", "update"], "", "nodes/status"),
		EVENTS,
	],
	"persistent-volume-binder": [
		on([...READ, "patch", "update"], "", "persistentvolumeclaims", "persistentvolumes"),
		on(["patch", "update"], "", "persistentvolumeclaims/status", "persistentvolumes/status"),
		on(READ, "storage.k8s.io", "storageclasses"),
		EVENTS,
	],
	"ephemeral-volume-controller": [
		on(READ, "", "pods"),
		on(["update"], "", "pods/finalizers"),
		on([...READ, "create"], "", "persistentvolumeclaims"),
		EVENTS,
	],
	"pv-protection-controller": [on([...READ, "update"], "", "persistentvolumes"), EVENTS],
	"pvc-protection-controller": [
		on([...READ, "update"], "", "persistentvolumeclaims"),
		on(READ, "", "pods"),
		EVENTS,
	],
	"pod-garbage-collector": [...PODS_OF_A_LOST_NODE, on(READ, "", "nodes"), EVENTS],
	"replicaset-controller": [
		on([...READ, "patch", "update"], "apps", "replicasets"),
		on(["patch", "update"], "apps", "replicasets/finalizers", "replicasets/status"),
		on([...READ, "create", "delete", "patch", "update"], "", "pods"),
		EVENTS,
	],
	"disruption-controller": [
		on(READ, "", "pods", "replicationcontrollers"),
		on(READ, "apps", "deployments", "replicasets", "statefulsets"),
		on(READ, "policy", "poddisruptionbudgets"),
		on(["patch", "update"], "policy", "poddisruptionbudgets/status"),
		// Scales of whatever controls pods.
		on(["get"], "*", "*/scale"),
		EVENTS,
	],
	"replication-controller": [
		on([...READ, "patch", "update"], "", "replicationcontrollers"),
		on(["patch", "update"], "", "replicationcontrollers/finalizers", "replicationcontrollers/status"),
		on([...READ, "create", "delete", "patch", "update"], "", "pods"),
		EVENTS,
	],
	"resourcequota-controller": [
		on(READ, "*", "*"),
		on(["patch", "update"], "", "resourcequotas/status"),
		EVENTS,
	],
	"root-ca-certificate-publisher": [
		on(READ, "", "namespaces"),
		on([...READ, "create", "patch", "update"], "", "configmaps"),
		EVENTS,
	],
	"service-account-controller": [
		on(READ, "", "namespaces"),
		on([...READ, "create", "patch", "update"], "", "serviceaccounts"),
		EVENTS,
	],
	"statefulset-controller": [
		on([...READ, "patch", "update"], "apps", "statefulsets"),
		on(["patch", "update"], "apps", "statefulsets/finalizers", "statefulsets/status"),
		on([...READ, "create", "delete", "patch", "update"], "apps", "controllerrevisions"),
		on([...READ, "create", "delete", "patch", "update"], "", "pods"),
		on([...READ, "create", "delete", "patch", "update"], "", "persistentvolumeclaims"),
		// Claims of pods that are scaled away belong to those pods.
		on(["update"], "", "pods/finalizers"),
		EVENTS,
	],
	"taint-eviction-controller": [...PODS_OF_A_LOST_NODE, on(READ, "", "nodes"), EVENTS],
	"ttl-after-finished-controller": [on([...READ, "delete"], "batch", "jobs"), EVENTS],
};

export interface ControllerAccount {
	readonly role: string;
	/** Name of its service account in kube-system: the controller's name and `-controller`. */
	readonly account: string;
}

export const CONTROLLER_ACCOUNTS: readonly ControllerAccount[] = Object.keys(CONTROLLERS).map((name) => ({
	role: `system:controller:${name}`,
	account: name.endsWith("-controller") ? name : `${name}-controller`,
}));

export const SYSTEM_ROLES: readonly PolicyRole[] = [
	...COMPONENT_ROLES,
	...Object.entries(CONTROLLERS).map(([name, rules]) => ({ name: `system:controller:${name}`, rules })),
];
