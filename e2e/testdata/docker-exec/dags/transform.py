"""Runs dbt in the container that is there for it."""

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("transform", schedule="@daily"):
    BashOperator(task_id="dbt_run", bash_command="docker exec e2e-dbt dbt run")
