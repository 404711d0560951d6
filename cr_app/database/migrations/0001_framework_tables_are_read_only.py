"""The application's role only reads what `migrate` alone writes."""

from django.db import migrations

from cr_app.database.grants import ReadOnly


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        # Roles are officers' own; Django's groups and permissions stay unused.
        ReadOnly("auth_group"),
        ReadOnly("auth_group_permissions"),
        ReadOnly("auth_permission"),
        ReadOnly("django_content_type"),
        ReadOnly("django_migrations"),
    ]
