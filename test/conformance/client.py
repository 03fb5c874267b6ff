"""The official Python client, unmodified: its models refuse what an answer may not leave out."""

import sys
import time

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client import rest

config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
apps = client.AppsV1Api()

deployment = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "main", "image": "v:1", "ports": [{"containerPort": 80}]}]},
        },
    },
}
utils.create_from_dict(client.ApiClient(), deployment)
watcher = watch.Watch()
for event in watcher.stream(apps.list_namespaced_deployment, "default", timeout_seconds=30):
    if event["object"].status.ready_replicas == 3:
        watcher.stop()
print("ready", apps.read_namespaced_deployment_status("web", "default").status.ready_replicas)

service = client.V1Service(
    metadata=client.V1ObjectMeta(name="web"),
    spec=client.V1ServiceSpec(selector={"app": "web"}, ports=[client.V1ServicePort(port=80)]),
)
made = core.create_namespaced_service("default", service)
print("address", made.spec.cluster_ip.startswith("10.96."), made.spec.ports[0].protocol)

apps.patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": 1}})
for _ in range(200):
    pods = core.list_namespaced_pod("default", label_selector="app=web").items
    if len(pods) == 1:
        break
    time.sleep(0.1)
print("scaled", len(pods), pods[0].status.phase, pods[0].spec.node_name)

# Every list is parsed by models that know what is required.
counted = [
    core.list_node(),
    core.list_namespace(),
    core.list_event_for_all_namespaces(),
    core.list_endpoints_for_all_namespaces(),
    core.list_service_account_for_all_namespaces(),
    core.list_config_map_for_all_namespaces(),
    apps.list_replica_set_for_all_namespaces(),
    client.DiscoveryV1Api().list_endpoint_slice_for_all_namespaces(),
    client.CoordinationV1Api().list_lease_for_all_namespaces(),
    client.RbacAuthorizationV1Api().list_cluster_role(),
    client.RbacAuthorizationV1Api().list_cluster_role_binding(),
]
print("lists", all(len(each.items) > 0 for each in counted))

core.create_namespaced_pod_eviction(
    pods[0].metadata.name,
    "default",
    client.V1Eviction(metadata=client.V1ObjectMeta(name=pods[0].metadata.name)),
)
try:
    core.read_namespaced_config_map("nothing", "default")
except rest.ApiException as error:
    print("missing", error.status, error.reason)

anything = dynamic.DynamicClient(client.ApiClient())
maps = anything.resources.get(api_version="v1", kind="ConfigMap")
maps.create(body={"metadata": {"name": "dynamic"}, "data": {"a": "1"}}, namespace="default")
maps.patch(
    body={"data": {"a": "2"}}, name="dynamic", namespace="default", content_type="application/merge-patch+json"
)
print("dynamic", maps.get(name="dynamic", namespace="default").data.a)
listable = [
    resource
    for resource in anything.resources.search()
    if not isinstance(resource, dynamic.resource.ResourceList) and "watch" in resource.verbs
]
for resource in listable:
    listed = resource.get()
    assert listed.kind == resource.kind + "List", (resource.kind, listed.kind)
    for event in resource.watch(timeout=5, resource_version="0") if listed["items"] else []:
        assert event["object"].kind == resource.kind
        break
print("every kind", len(listable) > 40)
token = core.create_namespaced_service_account_token(
    "default", "default", client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[]))
)
print("token", token.status.token.count("."))
