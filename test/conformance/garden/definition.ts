/** A kind of somebody's own, in two versions whose forms differ: a webhook converts them. */
import type { KubernetesObject, V1ObjectMeta } from "@kubernetes/client-node";

export const GROUP = "grow.example.com";

export interface Garden extends KubernetesObject {
	readonly metadata: V1ObjectMeta;
	readonly spec: { readonly beds: number; readonly size: string };
	readonly status?: { readonly beds: number; readonly observedGeneration: number };
}

/** The definition, and what judges its objects. `url` leads to `answerReview`. */
export const definition = (url: string, caBundle: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gardens.${GROUP}}
spec:
  group: ${GROUP}
  scope: Namespaced
  names: {plural: gardens, singular: garden, kind: Garden, shortNames: [gd]}
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig: {url: "${url}/convert", caBundle: ${caBundle}}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.beds, statusReplicasPath: .status.beds}}
    additionalPrinterColumns:
    - {name: Beds, type: integer, jsonPath: .spec.beds}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [beds]
            properties:
              beds: {type: integer, minimum: 0, maximum: 20}
              size: {type: string, enum: [small, large], default: small}
          status:
            type: object
            properties:
              beds: {type: integer}
              observedGeneration: {type: integer, format: int64}
              conditions:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [type]
                items:
                  type: object
                  required: [type, status]
                  properties: {type: {type: string}, status: {type: string}}
  - name: v1alpha1
    served: true
    storage: false
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, required: [plan], properties: {plan: {type: string, description: As in 3 large}}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gardens}
webhooks:
- name: gardens.${GROUP}
  clientConfig: {url: "${url}/validate", caBundle: ${caBundle}}
  rules: [{operations: [CREATE, UPDATE], apiGroups: [${GROUP}], apiVersions: [v1], resources: [gardens, gardens/scale]}]
  sideEffects: None
  admissionReviewVersions: [v1]
`;

interface Review {
	readonly request: {
		readonly uid: string;
		readonly kind: { readonly kind: string };
		readonly object?: { readonly spec: Garden["spec"] };
		readonly desiredAPIVersion?: string;
		readonly objects?: readonly Convertible[];
	};
}

interface Convertible {
	readonly apiVersion: string;
	readonly spec: { readonly beds?: number; readonly size?: string; readonly plan?: string };
}

/** Answers reviews of both sorts: conversions, and objects that come in. */
export function answerReview({ request, ...review }: Review): object {
	const { uid, objects, desiredAPIVersion = "", object } = request;
	if (objects) {
		const convertedObjects = objects.map((each) => convert(each, desiredAPIVersion));
		return { ...review, response: { uid, result: { status: "Success" }, convertedObjects } };
	}
	const crowded = object?.spec.size === "large" && object.spec.beds > 5;
	const status = { message: "large beds need room: at most 5", code: 422 };
	return { ...review, response: { uid, allowed: !crowded, ...(crowded ? { status } : {}) } };
}

/** `3 large` in v1alpha1 is three beds of size large in v1. */
function convert(object: Convertible, apiVersion: string): Convertible {
	if (object.apiVersion === apiVersion) return object;
	const { plan, beds, size = "small", ...rest } = object.spec;
	if (apiVersion.endsWith("/v1alpha1")) {
		return { ...object, apiVersion, spec: { ...rest, plan: `${beds} ${size}` } };
	}
	const [count = "0", word = "small"] = plan?.split(" ") ?? [];
	return { ...object, apiVersion, spec: { ...rest, beds: Number(count), size: word } };
}
