package rules

import (
	"strings"
	"testing"
)

// The tokens are put together here, so that nothing that scans the repository takes them for real ones.
func TestTokenIn(t *testing.T) {
	letters := func(n int) string { return strings.Repeat("aB", n)[:n] }
	for _, test := range []struct{ text, want string }{
		{"sk-proj-" + letters(60), "an OpenAI key"},
		{"sk-ant-" + "api03-" + letters(90), "an Anthropic key"},
		{"HF=hf_" + letters(34), "a Hugging Face token"},
		{"SG." + letters(22) + "." + letters(43), "a SendGrid key"},
		{"pypi-" + "AgEIcHlwaS5vcmc" + letters(60), "a PyPI token"},
		{"dop_v1_" + strings.Repeat("0f", 32), "a DigitalOcean token"},
		{"https://discord.com/api/webhooks/" + strings.Repeat("1", 18) + "/" + letters(68), "a Discord webhook"},
		{"bot 123456789:AA" + letters(33), "a Telegram bot's token"},
		{"--auth-key=tskey-" + "auth-" + letters(10) + "-" + letters(30), "a Tailscale key"},
		{"dckr_pat_" + letters(27), "a Docker access token"},
		{"-----BEGIN PRIVATE KEY-----", "a private key"},
		{"hf_" + letters(20), ""},
		{"sk-proj-${OPENAI_KEY}-and-some-more-text", ""},
		{"https://discord.com/api/webhooks/{id}/{token}", ""},
	} {
		if got := tokenIn(test.text); got != test.want {
			t.Errorf("%.30s: got %q", test.text, got)
		}
	}
}
