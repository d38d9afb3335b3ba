package = "shop"
version = "1.0-1"
source = { url = "git+https://example.org/shop" }
description = { license = "MIT" }
dependencies = { "lua >= 5.1" }
build = { type = "builtin", modules = { shop = "shop.lua" } }
