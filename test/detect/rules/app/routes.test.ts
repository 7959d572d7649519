import assert from 'node:assert/strict';
import { routesOf } from '../../../../src/detect/rules/app/routes.ts';
import { contextFrom } from '../../contextFrom.ts';

const users =
  'from fastapi import APIRouter\nrouter = APIRouter(prefix="/users")\n\n\n@router.get("/health")\ndef health(): ...\n';

const pathsOf = (files: Readonly<Record<string, string>>): readonly string[] =>
  routesOf(
    contextFrom({ 'app/__init__.py': '', 'app/api/__init__.py': '', 'app/api/users.py': users, ...files }),
    '.get(',
  )
    .map(({ path }) => path)
    .sort();

describe('the path of a route', () => {
  for (const [how, main] of Object.entries({
    'from package import module':
      'from app.api import users\napp = FastAPI()\napp.include_router(users.router, prefix="/api")\n',
    'from module import name':
      'from app.api.users import router\napp = FastAPI()\napp.include_router(router, prefix="/api")\n',
    'a relative import':
      'from .api.users import router as people\napp = FastAPI()\napp.include_router(people, prefix="/api")\n',
    'import package.module':
      'import app.api.users\nweb = FastAPI()\nweb.include_router(app.api.users.router, prefix="/api")\n',
    'a prefix of a constant':
      'from app.api import users\nPREFIX = "/" + "api"\napp = FastAPI()\napp.include_router(users.router, prefix=PREFIX)\n',
    'a prefix of the settings':
      'from app.api import users\nfrom app.config import settings\napp = FastAPI()\napp.include_router(users.router, prefix=settings.prefix)\n',
  })) {
    it(`has its prefixes through ${how}`, () => {
      const files = {
        'app/config.py': 'class Settings(BaseSettings):\n    prefix: str = "/api"\n\n\nsettings = Settings()\n',
        'app/main.py': `from fastapi import FastAPI\n${main}`,
      };
      assert.deepEqual(pathsOf(files), ['/api/users/health']);
    });
  }
});
