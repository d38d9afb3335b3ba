"""What the tokens of services look like: messages, payment, mail, work, social networks, shops."""

FORMATS = """
slack-access-token | SLACK_TOKEN | xoxb-«d12»-«d13»-«b24» | xoxp-«d12»-«d12»-«d13»-«h32» | xoxb-«d12»-«b24»
slack-rotating-token | SLACK_TOKEN | xoxe.xoxb-1-«b163» | xoxe-1-«b147»
slack-app-token | SLACK_APP_TOKEN | xapp-1-A«U10»-«d13»-«h64»
slack-session-cookie | SLACK_COOKIE | xoxc-«d12»-«d12»-«d13»-«h64» | xoxd-«B120»
slack-web-hook | SLACK_WEBHOOK_URL | https://hooks.slack.com/services/T«U10»/B«U10»/«b24»
slack-signing-secret | SLACK_SIGNING_SECRET | «h32»
discord-api-token | DISCORD_TOKEN | «discord».«u6».«u38»
discord-client-id | DISCORD_CLIENT_ID | 1«d18»
discord-client-secret | DISCORD_CLIENT_SECRET | «u32»
discord-web-hook | DISCORD_WEBHOOK | https://discord.com/api/webhooks/1«d18»/«u68»
telegram-bot-token | TELEGRAM_BOT_TOKEN | 5«d9»:AA«u33»
microsoft-teams-web-hook | TEAMS_WEBHOOK | https://contoso.webhook.office.com/webhookb2/«uuid»@«uuid»/IncomingWebhook/«h32»/«uuid»
mattermost-access-token | MATTERMOST_TOKEN | «l26»
twilio-api-key | TWILIO_API_KEY | SK«h32»
twilio-auth-token | TWILIO_AUTH_TOKEN | «h32»
messagebird-api-token | MESSAGEBIRD_API_KEY | «b25»
messagebird-client-id | MESSAGEBIRD_CLIENT_ID | «uuid»
vonage-api-secret | VONAGE_API_SECRET | «b16»
stripe-secret-token | STRIPE_SECRET_KEY | sk_live_«b24» | sk_test_51«b97» | rk_live_51«b97»
stripe-publishable-token | STRIPE_PUBLISHABLE_KEY | pk_live_«b24» | pk_test_51«b97»
stripe-webhook-secret | STRIPE_WEBHOOK_SECRET | whsec_«b32»
square-access-token | SQUARE_ACCESS_TOKEN | EAAA«u60» | sq0atp-«u22»
square-oauth-secret | SQUARE_SECRET | sq0csp-«u43»
paypal-client-secret | PAYPAL_CLIENT_SECRET | E«u79»
braintree-access-token | BRAINTREE_TOKEN | access_token$production$«l16»$«h32»
braintree-private-key | BRAINTREE_PRIVATE_KEY | «h32»
gocardless-api-token | GOCARDLESS_TOKEN | live_«u40»
flutterwave-public-key | FLW_KEY | FLWPUBK_TEST-«h32»-X | FLWSECK-«h32»-X
flutterwave-enc-key | FLW_ENCRYPTION | FLWSECK_TEST«h12»
finicity-client-secret | FINICITY_PARTNER_SECRET | «b20»
finicity-api-token | FINICITY_APP_KEY | «h32»
plaid-secret | PLAID_SECRET | «h30»
plaid-access-token | PLAID_ACCESS_TOKEN | access-production-«uuid» | access-sandbox-«uuid»
razorpay-key-secret | RAZORPAY_KEY_SECRET | «b24»
adyen-api-key | ADYEN_API_KEY | AQE«B120»-«B43»=-«b16»
coinbase-api-key | COINBASE_API_SECRET | «B86»==
sendgrid-api-token | SENDGRID_API_KEY | SG.«u22».«u43»
mailgun-token | MAILGUN_KEY | key-«h32»
mailgun-signing-key | MAILGUN_API_KEY | «h32»-«h8»-«h8»
mailchimp-api-key | MAILCHIMP_API_KEY | «h32»-us20 | «h32»-us6
mandrill-api-key | MANDRILL_API_KEY | md-«u22»
postmark-server-token | POSTMARK_SERVER_TOKEN | «uuid»
sendinblue-api-token | BREVO_API_KEY | xkeysib-«h64»-«b16»
resend-api-key | RESEND_API_KEY | re_«b8»_«b24»
mailjet-secret-key | MAILJET_SECRET_KEY | «h32»
sparkpost-api-key | SPARKPOST_API_KEY | «h40»
segment-api-token | SEGMENT_TOKEN | sgp_«b64»
segment-write-key | SEGMENT_WRITE_KEY | «b32»
algolia-api-key | ALGOLIA_ADMIN_API_KEY | «h32»
mapbox-api-token | MAPBOX_TOKEN | pk.eyJ1Ijoi«b60».«u22»
mapbox-secret-token | MAPBOX_TOKEN | sk.eyJ1Ijoi«b60».«u22»
posthog-personal-api-key | POSTHOG_KEY | phx_«b43»
beamer-api-token | BEAMER_API_KEY | b_«u44»
mixpanel-api-secret | MIXPANEL_SECRET | «h32»
amplitude-secret-key | AMPLITUDE_SECRET_KEY | «h32»
maxmind-license-key | MAXMIND_LICENSE_KEY | «b6»_«b29»_mmk
facebook-token | FACEBOOK_APP_SECRET | «h32»
facebook-access-token | FB_PAGE | EAA«b170» | «d15»|«u27»
twitter-token | TWITTER_API_SECRET | «b50» | «b45» | 1«d18»-«b40»
twitter-bearer-token | TWITTER_AUTH | AAAAAAAAAAAAAAAAAAAAA«b4»AAAAAAA«b1»%2B«b34»%3D«b50»
linkedin-client-secret | LINKEDIN_CLIENT_SECRET | «b16» | WPL_AP1.«b16».«b6»==
linkedin-client-id | LINKEDIN_CLIENT_ID | 77«l12»
twitch-api-token | TWITCH_CLIENT_SECRET | «l30»
dropbox-api-secret | DROPBOX_APP_SECRET | «l15»
dropbox-short-lived-api-token | DROPBOX_TOKEN | sl.B«u136» | sl.u.AF«u1200»
dropbox-long-lived-api-token | DROPBOX_TOKEN | «b11»AAAAAAAAAA«u43»
adobe-client-id | ADOBE_CLIENT_ID | «h32»
adobe-client-secret | ADOBE_CLIENT_SECRET | p8e-«u32»
frameio-api-token | FRAMEIO_TOKEN | fio-u-«u64»
spotify-client-secret | SPOTIFY_CLIENT_SECRET | «h32»
reddit-client-secret | REDDIT_CLIENT_SECRET | «u30»
airtable-personal-access-token | AIRTABLE_TOKEN | pat«b14».«h64»
airtable-api-key | AIRTABLE_API_KEY | key«b14»
asana-client-id | ASANA_CLIENT_ID | 12«d14»
asana-client-secret | ASANA_CLIENT_SECRET | «h32»
asana-personal-access-token | ASANA_TOKEN | 1/12«d14»:«h32» | 2/12«d14»/12«d14»:«h32»
linear-api-token | LINEAR_API_KEY | lin_api_«b40»
linear-client-secret | LINEAR_CLIENT_SECRET | «h32»
notion-api-token | NOTION_TOKEN | ntn_«b46» | secret_«b43»
figma-personal-access-token | FIGMA_TOKEN | figd_«u40»
hubspot-api-token | HUBSPOT_API_KEY | «uuid»
hubspot-private-app-token | HUBSPOT_TOKEN | pat-na1-«uuid» | pat-eu1-«uuid»
intercom-api-token | INTERCOM_ACCESS_TOKEN | dG9r«b54»== | «b60»
intercom-client-secret | INTERCOM_CLIENT_SECRET | «uuid»
zendesk-api-token | ZENDESK_API_TOKEN | «b40»
freshdesk-api-key | FRESHDESK_API_KEY | «b20»
typeform-api-token | TYPEFORM_TOKEN | tfp_«b44»_«b14»
contentful-delivery-api-token | CONTENTFUL_ACCESS_TOKEN | «u43»
contentful-management-token | CONTENTFUL_MANAGEMENT_TOKEN | CFPAT-«u43»
clickup-api-token | CLICKUP_TOKEN | pk_«d8»_«U32»
salesforce-access-token | SF_SESSION | 00D«b12»!«b96» | 5Aep861«b80»
shopify-token | SHOPIFY_ACCESS_TOKEN | shpat_«h32» | shpss_«h32» | shppa_«h32»
duffel-api-token | DUFFEL_TOKEN | duffel_live_«u43»
easypost-api-token | EASYPOST_API_KEY | EZAK«b54» | EZTK«b54»
lob-api-key | LOB_API_KEY | live_«h35»
lob-pub-api-key | LOB_PUB_KEY | live_pub_«h31»
shippo-api-token | SHIPPO_TOKEN | shippo_live_«h40»
ionic-api-token | IONIC_TOKEN | ion_«b42»
amazon-oauth-client-secret | LWA_CLIENT_SECRET | amzn1.oa2-cs.v1.«h64»
woocommerce-consumer-secret | WC_CONSUMER_SECRET | cs_«h40»
jwt-token | SESSION | «jwt»
age-secret-key | SOPS_AGE_KEY | «age»
bitcoin-extended-private-key | WALLET | «xprv»
ethereum-private-key | DEPLOYER_PRIVATE_KEY | 0x«h64» | «h64»
rails-secret-key-base | SECRET_KEY_BASE | «h128»
phoenix-secret-key-base | SECRET_KEY_BASE | «B64»
rails-master-key | RAILS_MASTER_KEY | «h32»
symfony-app-secret | APP_SECRET | «h32»
nextauth-secret | NEXTAUTH_SECRET | «B43»= | «h64»
jwt-signing-secret | JWT_SECRET | «b48» | «B43»= | «h64»
"""
