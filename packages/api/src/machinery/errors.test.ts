import test from "ava";
import * as errors from "./errors.ts";
import { invalidValue, required } from "./field-error.ts";

const deployments = { group: "apps", resource: "deployments" };
const pods = { resource: "pods" };

test("a Status says who, what and why", (t) => {
	t.like(errors.notFound(deployments, "web").status, {
		kind: "Status",
		apiVersion: "v1",
		status: "Failure",
		message: 'deployments.apps "web" not found',
		reason: "NotFound",
		details: { name: "web", group: "apps", kind: "deployments" },
		code: 404,
	});
	t.is(errors.alreadyExists(pods, "web").message, 'pods "web" already exists');
	t.is(
		errors.modified(pods, "web").message,
		'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
	);
	t.is(
		errors.forbidden(pods, "", 'User "x" cannot list resource "pods"').message,
		'pods is forbidden: User "x" cannot list resource "pods"',
	);
});

test("an invalid object names every cause", (t) => {
	const one = errors.invalid({ resource: "Pod" }, "web", [required("spec.containers")]);
	t.is(one.message, 'Pod "web" is invalid: spec.containers: Required value');
	const about = { group: "apps", resource: "Deployment" };
	const two = errors.invalid(about, "web", [required("a"), invalidValue("b", 1, "no")]);
	t.is(two.message, 'Deployment.apps "web" is invalid: [a: Required value, b: Invalid value: 1: no]');
	t.deepEqual(two.status.details?.causes, [
		{ reason: "FieldValueRequired", message: "Required value", field: "a" },
		{ reason: "FieldValueInvalid", message: "Invalid value: 1: no", field: "b" },
	]);
	t.is(two.code, 422);
});

test("codes and reasons", (t) => {
	const codes = [
		errors.badRequest(""),
		errors.unauthorized(),
		errors.noSuchResource(),
		errors.methodNotAllowed(pods, "patch"),
		errors.notAcceptable(["application/json"]),
		errors.gone(""),
		errors.expired(""),
		errors.tooLarge(""),
		errors.unsupportedMediaType(["application/json"], "text/plain"),
		errors.unprocessable(""),
		errors.tooManyRequests("", 1),
		errors.internalError(""),
		errors.serviceUnavailable(""),
		errors.timeout(""),
	].map(({ code }) => code);
	t.deepEqual(codes, [400, 401, 404, 405, 406, 410, 410, 413, 415, 422, 429, 500, 503, 504]);
	t.is(errors.tooManyRequests("", 7).status.details?.retryAfterSeconds, 7);
});

test("reasons tell errors apart", (t) => {
	t.true(errors.hasReason(errors.expired("x"), "Gone", "Expired"));
	t.false(errors.hasReason(errors.badRequest("x"), "Gone"));
	t.false(errors.hasReason(new Error("Gone"), "Gone"));
});
