import test from "ava";
import { ResourceRequirements } from "./core/container.ts";
import { PodSpec } from "./core/pod-spec.ts";
import { specDiff } from "./core/spec-diff.ts";
import { sameValue } from "./same-value.ts";
import { sampleContainer } from "./testing/samples.ts";

const base = { containers: [sampleContainer()] };

test("absent equals zero, but not where the API tells them apart", (t) => {
	t.true(sameValue(PodSpec, base, { ...base, hostNetwork: false, nodeName: "", tolerations: [] }));
	t.false(sameValue(PodSpec, base, { ...base, priority: 0 }));
	t.false(sameValue(PodSpec, base, { ...base, enableServiceLinks: false }));
	t.false(sameValue(PodSpec, base, { ...base, securityContext: {} }));
});

test("amounts, not texts", (t) => {
	t.true(sameValue(ResourceRequirements, { limits: { cpu: "1" } }, { limits: { cpu: "1000m" } }));
	t.false(sameValue(ResourceRequirements, { limits: { cpu: "1" } }, { limits: { cpu: "2" } }));
	t.false(sameValue(ResourceRequirements, { limits: { cpu: "1" } }, { limits: { constructor: "1" } }));
});

test("lists in order", (t) => {
	const tolerations = [{ key: "a" }, { key: "b" }];
	t.false(sameValue(PodSpec, { ...base, tolerations }, { ...base, tolerations: tolerations.toReversed() }));
});

test("a difference is told in few lines", (t) => {
	const next = { containers: [sampleContainer({ command: ["sh"] })], nodeName: "host-1" };
	t.is(specDiff(PodSpec, base, base), "");
	t.is(
		specDiff(PodSpec, base, next).replace(/\d+ identical/g, "N identical"),
		`  core.PodSpec{
  	... // N identical fields
  	Containers: []core.Container{
  		core.Container{
  			... // N identical fields
- 			Command: nil,
+ 			Command: ["sh"],
  			... // N identical fields
  		}
  	}
  	... // N identical fields
- 	NodeName: nil,
+ 	NodeName: "host-1",
  	... // N identical fields
  }`,
	);
});
