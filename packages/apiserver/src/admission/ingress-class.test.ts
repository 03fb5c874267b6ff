import { Ingress, IngressClass } from "@berth/api";
import test from "ava";
import { openRegistry } from "../registry/testing/open-registry.ts";

const IS_DEFAULT = { "ingressclass.kubernetes.io/is-default-class": "true" };

test("an Ingress without a class gets the default one; one that names a class in any way does not", async (t) => {
	await using api = await openRegistry();
	const defaultBackend = { service: { name: "web", port: { number: 80 } } };
	const classOf = async (name: string, annotations: object = {}, spec: object = {}) => {
		const body = { metadata: { name, annotations }, spec: { defaultBackend, ...spec } };
		return (await api.value<Ingress>("create", Ingress, { body })).spec?.ingressClassName;
	};
	const makeClass = (name: string, annotations: object) =>
		api.ask("create", IngressClass, {
			body: { metadata: { name, annotations }, spec: { controller: "example.com/controller" } },
		});
	await makeClass("plain", {});
	t.is(await classOf("early"), undefined);
	await makeClass("second", IS_DEFAULT);
	await makeClass("first", IS_DEFAULT);
	t.is(await classOf("default"), "first");
	t.is(await classOf("named", {}, { ingressClassName: "plain" }), "plain");
	t.is(await classOf("annotated", { "kubernetes.io/ingress.class": "plain" }), undefined);
});
