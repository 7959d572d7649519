from {{ cookiecutter.project }} import {% if x %}settings{% endif %}
