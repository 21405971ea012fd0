from airflow import DAG
from airflow.providers.docker.operators.docker import DockerOperator

with DAG("nightly"):
    DockerOperator(task_id="report", image="example/report:4.2")
