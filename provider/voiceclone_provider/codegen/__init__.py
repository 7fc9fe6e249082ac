"""What is generated from the pydantic models: `schema.json` and the classes of the dynamic provider. Imports
`core`, `vendors`, `account` and `lifecycle`; run by `make schema`.
"""
