/** Stock kubectl and admission policies: what they refuse, warn of and change, as a person sees it. */
import type { KubeObject } from "@berth/api";
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const validating = (name: string, actions: string, expression: string) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE, UPDATE]}
    objectSelector: {matchLabels: {policy: ${name}}}
  validations:
  - expression: "${expression}"
    messageExpression: "'at most 5, not ' + string(object.spec.replicas)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}}
spec: {policyName: ${name}, validationActions: [${actions}]}
`;

const deployment = (name: string, policy: string, replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {policy: ${policy}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: a, image: example.com/a}]}
`;

test("a policy refuses what is applied", async (t) => {
	await kubectl.must("apply -f -", validating("few", "Deny", "object.spec.replicas <= 5"));
	const refused = await kubectl("apply -f -", deployment("many", "few", 6));
	t.regex(
		refused,
		/The deployments "many" is invalid: : ValidatingAdmissionPolicy 'few' with binding 'few' denied request: at most 5, not 6/,
	);
	await kubectl.must("apply -f -", deployment("some", "few", 5));
	t.regex(
		await kubectl(`patch deployment some -p '{"spec":{"replicas":7}}'`),
		/denied request: at most 5, not 7/,
	);
});

test("a policy warns", async (t) => {
	await kubectl.must("apply -f -", validating("hint", "Warn", "object.spec.replicas <= 5"));
	const made = await kubectl("apply -f -", deployment("warned", "hint", 6));
	t.regex(made, /deployment\.apps\/warned created/);
	t.regex(made, /Warning: Validation failed for ValidatingAdmissionPolicy 'hint' with binding 'hint'/);
});

test("a policy that does not fit its kinds says so in its status", async (t) => {
	await kubectl.must("apply -f -", validating("typed", "Deny", "object.spec.replicas <= '5'"));
	const warned = await eventually(async () => {
		const policy = await kubectl.json<
			KubeObject & { status?: { typeChecking?: { expressionWarnings?: { warning: string }[] } } }
		>("get validatingadmissionpolicy typed");
		return policy.status?.typeChecking?.expressionWarnings?.[0]?.warning ?? false;
	});
	t.regex(
		warned || "",
		/apps\/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_<=_'/,
	);
});

test("a policy changes what is made", async (t) => {
	await kubectl.must(
		"apply -f -",
		`
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: label}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}
  failurePolicy: Fail
  reinvocationPolicy: IfNeeded
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: "Object{metadata: Object.metadata{labels: Object.metadata.labels{made: 'here'}}}"
  - patchType: JSONPatch
    jsonPatch:
      expression: "[JSONPatch{op: 'add', path: '/data/by', value: request.userInfo.username}]"
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: label}
spec: {policyName: label}
`,
	);
	await kubectl.must("create configmap changed --from-literal=a=b");
	const made = await kubectl.json<KubeObject & { data?: Record<string, string> }>("get configmap changed");
	t.is(made.metadata.labels?.made, "here");
	t.truthy(made.data?.by);
});
