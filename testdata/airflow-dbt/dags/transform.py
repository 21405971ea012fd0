"""Builds the warehouse's tables every night, with dbt in a container of its own."""

import os
from datetime import datetime

from airflow import DAG
from airflow.providers.docker.operators.docker import DockerOperator
from docker.types import Mount

with DAG("transform", start_date=datetime(2024, 1, 1), schedule="0 3 * * *", catchup=False):
    DockerOperator(
        task_id="dbt_build",
        image="warehouse/dbt:1.8.3",
        command="dbt build",
        mounts=[Mount(source=os.environ["DBT_PROJECT_DIR"], target="/dbt", type="bind")],
        mount_tmp_dir=False,
        auto_remove="success",
    )
