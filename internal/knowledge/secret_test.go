package knowledge

import "testing"

func TestNamesSecret(t *testing.T) {
	for name, want := range map[string]bool{
		"POSTGRES_PASSWORD": true, "PGPASSWORD": true, "db_pass": true, "AUTHTOKENS": true, "accessKey": true,
		"com.example.api_key": true, "SECRET_KEY_BASE": true, "api-key": true, "PASSWORD_FILE": false, "TOKEN_TTL": false,
		"ALLOW_EMPTY_PASSWORD": false, "PUBLIC_KEY": false, "KEY": false, "PATH": false, "": false,
	} {
		if got := NamesSecret(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
		if want && !MayNameSecret(name) {
			t.Errorf("%s: a quick look misses it", name)
		}
	}
}
