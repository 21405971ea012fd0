from airflow.providers.docker.operators.docker import DockerOperator

load = DockerOperator(
    task_id="load",
    image="warehouse/load:1",
    docker_url="unix://var/run/docker.sock",
)
