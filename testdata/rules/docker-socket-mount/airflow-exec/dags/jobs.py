# docker run is what we had before
task = BashOperator(task_id="load", bash_command="docker exec loader load --all")
